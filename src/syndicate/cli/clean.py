"""`syndicate clean`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import typer

from syndicate.cli.options import (
    Conf,
    ConfigFile,
    Engine,
    Format,
    Inputs,
    Learn,
    Map,
    Master,
    MinConfidence,
    Packs,
    PageLimit,
    Parser,
    Preview,
    Quiet,
    SiteRepeats,
    TimeLimit,
    Verbose,
    Workers,
    check_engine,
    config_path,
    read_options,
    spark_settings,
)
from syndicate.cli.terminal import report, say

if TYPE_CHECKING:
    from syndicate.clean import Cleaner
    from syndicate.io.inputs import ReadOptions
    from syndicate.record import Target
    from syndicate.run import Run

_Form: TypeAlias = Literal["jsonl", "text", "parquet"]
_ENDINGS: Final[dict[str, _Form]] = {".parquet": "parquet", ".txt": "text"}


Output = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="PATH",
        help="Where to write; stdout for - or if not given. A .gz or .zst at the end compresses; with --to text, a "
        "folder (with / at the end) takes a file a page.",
    ),
]  # fmt: skip
To = Annotated[
    _Form | None,
    typer.Option("--to", help="What to write; by the output's ending if not given, else jsonl."),
]
Why = Annotated[bool, typer.Option("--why", help="Also list what was left out of pages: menus and the like.")]
Kept = Annotated[
    str | None,
    typer.Option(
        "--index", metavar="DB",
        help="An index, made if it is not there: each article is matched against it and added, and its line says its "
        "matches, story and origin.",
    ),
]  # fmt: skip
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on from where the same command was interrupted, if it was.")
]


def clean(
    context: typer.Context,
    inputs: Inputs,
    output: Output = None,
    source: Format = "auto",
    fields: Map = None,
    target: To = None,
    packs: Packs = None,
    config: ConfigFile = None,
    preview: Preview = None,
    min_confidence: MinConfidence = None,
    parser: Parser = "lexbor",
    why: Why = False,
    across: SiteRepeats = False,
    learn: Learn = False,
    index: Kept = None,
    workers: Workers = None,
    time_limit: TimeLimit = 30.0,
    page_limit: PageLimit = 10_000_000,
    resume: Resume = False,
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Strip the chrome from pages: one line of JSON a page, in the order of the inputs.

    An output file appears when it is whole; what an interrupted run has done is kept beside it for --resume. The last
    line on stderr accounts for every input. Exit codes: 0 good; 1 some inputs failed; 2 wrong use; 130 interrupted.

    \b
    Example: syndicate clean pages/ -o cleaned.jsonl
             syndicate clean crawl.warc.gz -o cleaned.parquet --resume
             syndicate clean feed.csv --map html=raw_content --map url=link
             zcat today.jsonl.gz | syndicate clean - --index news.db -o traced.jsonl.gz
             syndicate clean hdfs:///crawl.parquet -o hdfs:///cleaned.parquet --engine spark --master yarn
    """  # noqa: D301 - a backspace keeps the lines apart
    from syndicate.clean import Cleaner
    from syndicate.run import Run
    from syndicate.workers import processors

    check_engine(context, engine, "across", "learn", "index", "workers", "time_limit", "resume", "verbose")
    options = read_options(source, fields, page_limit)
    path = config_path(config)
    cleaner = Cleaner(packs or None, config=path, parser=parser, min_confidence=min_confidence, preview=preview)
    if engine == "spark":
        _clean_on_spark(cleaner, inputs, output, target, options, why, master, conf)
        return
    where, count = _target(output, target), workers or processors()
    run = Run(cleaner, where, tuple(inputs), options, why=why, index=index, workers=count, limit=time_limit)
    _carry_out(_with_batch(run, learn=learn, across=across), resume=resume, quiet=quiet, verbose=verbose)


def _clean_on_spark(
    cleaner: Cleaner,
    inputs: list[str],
    output: str | None,
    target: _Form | None,
    options: ReadOptions,
    why: bool,
    master: str | None,
    conf: list[str] | None,
) -> None:
    from syndicate.spark.jobs import CleanJob, clean_job
    from syndicate.spark.session import open_session

    job = CleanJob(cleaner, tuple(inputs), output or "", target, options, why=why)
    with open_session(master, spark_settings(conf)) as spark:
        account = clean_job(spark, job, report)
    if account.failed:
        say(f"note: all that failed, with the reasons: {job.failures}")
    say(str(account))
    if account.failed:
        raise typer.Exit(1)


def _with_batch(run: Run, *, learn: bool, across: bool) -> Run:
    """The run with what all of its pages tell of each: what is learnt from them, what repeats on their sites."""
    from syndicate.io.inputs import check_rereadable
    from syndicate.io.read import read_pages
    from syndicate.learn.learner import Learner
    from syndicate.run import count_repeats

    if learn or across:
        check_rereadable(run.inputs)
    if learn:
        learner = Learner(run.cleaner, workers=run.workers, limit=run.limit)
        run = replace(run, cleaner=learner.taught(read_pages(run.inputs, run.reading)))
    if across:
        pages = read_pages(run.inputs, run.reading)
        run = replace(run, repeats=count_repeats(run.cleaner, pages, run.workers, run.limit))
    return run


def _carry_out(run: Run, *, resume: bool, quiet: bool, verbose: bool) -> None:
    from syndicate.cli.progress import Watch
    from syndicate.io.inputs import Meter
    from syndicate.io.read import read_pages
    from syndicate.run import carry_out

    meter = Meter()
    watch = Watch(meter, quiet=quiet, verbose=verbose)
    with watch.shown(bar=run.target.path is not None):
        account = carry_out(run, read_pages(run.inputs, run.reading, meter), watch, resume=resume)
    say(str(account))
    if account.failed:
        raise typer.Exit(1)


def _target(output: str | None, form: _Form | None) -> Target:
    """Where to write what, by the output's name where nothing else tells."""
    from syndicate.record import Target

    if output in {None, "-"}:
        return Target(None, form or "jsonl")
    path = Path(output)
    if form == "text" and (output.endswith(("/", os.sep)) or path.is_dir()):
        return Target(path, "texts")
    ending = Path(path.name.lower().removesuffix(".gz").removesuffix(".zst")).suffix
    return Target(path, form or _ENDINGS.get(ending, "jsonl"))
