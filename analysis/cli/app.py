"""The commands. Each reads its options, calls one function of the library and prints the result."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.models import models
from analysis.cli.options import (
    NIGHT,
    Data,
    Direction,
    DirectionOption,
    Json,
    Night,
    Regions,
    Silence,
    SilenceOption,
    Since,
    Until,
    night_hours,
    read_ledger,
    region_slugs,
)
from analysis.cli.output import (
    appended,
    describe_append,
    describe_bulletins,
    describe_cell,
    print_frame,
    print_json,
    print_note,
    print_text,
    records,
)
from analysis.cli.statistics import statistics
from analysis.errors import ReadError
from analysis.vocabulary import CAVEAT

app = typer.Typer(
    help=f"Count an air war from its own claims. {CAVEAT}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


Out = Annotated[Path, typer.Option("--out", help="Folder for the figures, tables and report.")]
FIGURES = Path("figures")
Channel = Annotated[
    str | None,
    typer.Option("--channel", help="Number or title, where a Telegram export holds several."),
]
POSTS = (
    "Posts as CSV (columns posted_utc and text, perhaps source and source_url; without a source it "
    "is the ministry's own channel), a Telegram export (result.json), a text, a folder of .txt "
    "whose names begin with a time such as 2025-11-01T0424Z"
)
INGESTED = (
    f"{POSTS}, bulletins as JSONL, the table of attacks on Ukraine (CSV), or - for standard input."
)


@app.command(epilog="Example: interceptions report --out figures")
def report(out: Out = FIGURES, data: Data = None, json_: Json = False) -> None:
    """Build every figure, the tables behind them and report.html."""
    from analysis.report import build_report

    with _progress("report") as progress:
        path = build_report(out, data=data, progress=progress)
    print_json({"report": str(path)}) if json_ else print_text(str(path))


@app.command(epilog="Example: interceptions parse article.txt --posted 2025-11-01T09:00Z")
def parse(
    file: Annotated[Path, typer.Argument(help=f"{POSTS}; - is standard input.")] = Path("-"),
    posted: Annotated[
        str | None, typer.Option("--posted", help="When it was published: 2025-11-01T09:00Z.")
    ] = None,
    claimant: Annotated[
        str | None, typer.Option("--claimant", help="Who claims it, where the text does not say.")
    ] = None,
    channel: Channel = None,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Say what a text claims, and what looks wrong about it."""
    from analysis.bulletins import parse_bulletins
    from analysis.ingestion import parse_file

    del data  # every command takes the option; a text needs no ledger
    at = _moment(posted)
    with _progress("parse", share=True) as progress:
        if str(file) == "-":
            bulletins = parse_bulletins(_standard_input(), at, claimant=claimant)
        else:
            read = partial(progress, file.name)
            bulletins = list(
                parse_file(file, posted_at=at, claimant=claimant, channel=channel, progress=read)
            )
    if json_:
        print_json([bulletin.to_dict() for bulletin in bulletins])
    else:
        print_text(describe_bulletins(bulletins) or "No claim found in this text.")


@app.command(epilog="Example: interceptions ingest posts.csv completions.jsonl --data my-data")
def ingest(
    files: Annotated[list[Path], typer.Argument(help=INGESTED)],
    posted: Annotated[
        str | None, typer.Option("--posted", help="When a text was published: 2025-11-01T09:00Z.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", help="Who published it; else the channel, or a text's name."),
    ] = None,
    channel: Channel = None,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Append what files claim to the ledger; nothing in it is changed or removed."""
    from analysis.ingestion import ingest_file, ingest_text

    at = _moment(posted)
    reports = []
    with _progress("ingest", share=True) as progress:
        for file in files:
            if str(file) == "-":
                text = _standard_input()
                reports.append(ingest_text(text, data, posted_at=at, source=source))
                continue
            reports.append(
                ingest_file(
                    file,
                    data,
                    posted_at=at,
                    source=source,
                    channel=channel,
                    progress=partial(progress, file.name),
                )
            )
    if json_:
        print_json([appended(report) for report in reports])
        return
    for file, report in zip(files, reports, strict=True):
        print_text(f"{file}: {describe_append(report)}")
        for finding in report.findings:
            where = finding.bulletin_id or "the file"
            print_note(f"  {finding.severity}: {where}: {finding.message} [{finding.code}]")


@app.command(epilog="Example: interceptions panel --region belgorod --since 2025-10-25")
def panel(
    region: Regions = None,
    since: Since = None,
    until: Until = None,
    daily: Annotated[bool, typer.Option("--daily", help="Short for --night 00:00-24:00.")] = False,
    night: Night = NIGHT,
    direction: DirectionOption = Direction.on_russia,
    silence: SilenceOption = Silence.missing,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Print the night x region panel: what is known, bounded or missing."""
    from analysis.panel import allocation_note, build_panel, select_panel

    built = build_panel(
        read_ledger(data),
        direction=direction.value,
        night=night_hours("00:00-24:00" if daily else night),
        silence=silence.value,
    )
    chosen = select_panel(built, regions=region_slugs(region), since=since, until=until)
    shown = chosen if json_ else chosen.drop(columns="bulletins")
    print_frame(shown, as_json=json_, empty="No night of the panel lies in this period.")
    if note := allocation_note(built):
        print_note(note)


@app.command(epilog="Example: interceptions explain 2025-11-01 belgorod")
def explain(
    night: Annotated[str, typer.Argument(help="The morning's date, such as 2025-11-01.")],
    region: Annotated[str, typer.Argument(help="A region by slug or name, or all.")] = "all",
    hours: Night = NIGHT,
    direction: DirectionOption = Direction.on_russia,
    data: Data = None,
    json_: Json = False,
) -> None:
    """List the bulletins behind one cell of the panel, and the rule applied to each."""
    from analysis.panel import explain_cell

    [slug] = region_slugs([region]) or ["all"]
    cell = explain_cell(
        read_ledger(data), night, slug, direction=direction.value, hours=night_hours(hours)
    )
    if json_:
        print_json(records(cell))
        return
    print_text(describe_cell(cell) or "No bulletin touches this night.")
    print_note(CAVEAT)


@app.command(epilog="Example: interceptions audit --json")
def audit(data: Data = None, json_: Json = False) -> None:
    """Look for what is wrong in the ledger; exit code 1 when there are errors."""
    from analysis.audit import audit_claims

    findings = audit_claims(read_ledger(data))
    print_frame(findings, as_json=json_, empty="No findings.")
    counts = findings["severity"].value_counts()
    print_note(", ".join(f"{n} {severity}" for severity, n in counts.items()) or "no findings")
    if "error" in counts.index:
        raise typer.Exit(1)


app.add_typer(statistics)
app.add_typer(models)


@app.command(epilog="Example: interceptions figures nightly_totals --out figures")
def figures(
    names: Annotated[list[str] | None, typer.Argument(help="Figures; all when none is named.")] = (
        None
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Rebuild, and compare with what the folder holds.")
    ] = False,
    out: Out = FIGURES,
    data: Data = None,
    json_: Json = False,
) -> None:
    """Draw figures, or check that the committed ones, and the report, can be rebuilt."""
    from analysis import figures as room
    from analysis.report import check_report

    with _progress("figures") as progress:
        if not check:
            manifest = room.build(out, data, names=names or None, progress=progress)
        else:
            outcome = check_report(out, data, names=names or None, progress=progress)
    if not check:
        print_json({"manifest": str(manifest)}) if json_ else print_text(str(manifest))
        return
    if json_:
        print_json(asdict(outcome))
    else:
        print_text("\n".join([*outcome.differences, *outcome.notes]) or "All figures agree.")
    if not outcome.agrees:
        raise typer.Exit(1)


# --- what commands share ------------------------------------------------------------------------


def _standard_input() -> str:
    """Text of standard input."""
    raw = sys.stdin.buffer.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError("Standard input is no UTF-8 text.", "Pipe a text into it.") from None
    if not text.strip() or "\0" in text:
        raise ReadError("Standard input holds no text.", "Pipe a text into it.")
    return text


def _moment(text: str | None) -> datetime | None:
    """Moment of an option; UTC where it names no offset."""
    if text is None:
        return None
    from analysis.readers.moments import BadMoment, read_moment

    try:
        return read_moment(text, bare_is_utc=True)
    except BadMoment as wrong:
        problem = f"--posted {text!r} {wrong}."
        raise ReadError(problem, "Write it as 2025-11-01T09:00Z.") from None


@contextmanager
def _progress(what: str, *, share: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, in steps or as a share; silent if that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    ends = (TaskProgressColumn(), TimeRemainingColumn()) if share else (MofNCompleteColumn(),)
    columns = (TextColumn("{task.description:<28}"), BarColumn(), *ends)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield advance
