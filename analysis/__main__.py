"""`python -m analysis` is the command line `interceptions`."""

from analysis.cli import main

if __name__ == "__main__":
    main()
