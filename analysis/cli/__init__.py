"""The command line `interceptions`: reads options, calls the library, prints; computes nothing."""

import os
import sys

from analysis.errors import AnalysisError

#: Wrong use or bad input; 1 is a check that found something.
WRONG = 2


def main() -> None:
    """Run one command; an error of ours is one sentence on standard error and exit code 2."""
    from analysis.cli.app import app

    try:
        app(prog_name="interceptions")
    except AnalysisError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(WRONG)
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
