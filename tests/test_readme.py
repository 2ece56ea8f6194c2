"""What the README shows works as it stands there."""

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_the_notebook_example_runs(capsys, monkeypatch):
    monkeypatch.chdir(README.parent)
    section = README.read_text(encoding="utf-8").split("## In a notebook")[1].split("\n## ")[0]
    code = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["overnight"].total == 5
    assert "per 30 nights" in capsys.readouterr().out


def test_every_file_and_command_it_names_is_there():
    text = README.read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)#]+)\)", text):
        assert (README.parent / name).exists(), name
    for target in re.findall(r"^    make (\w+)", text, re.MULTILINE):
        assert f"\n{target}:" in (README.parent / "Makefile").read_text()
