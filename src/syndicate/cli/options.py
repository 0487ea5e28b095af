"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from syndicate.io.inputs import ReadOptions
    from syndicate.rules.config import Config
    from syndicate.rules.match import RuleSet


def _complete_packs(begun: str) -> list[str]:
    """Packs whose names begin so; paths are the shell's."""
    from syndicate.rules.packs import named_packs

    return [name for name in named_packs() if name.startswith(begun)]


def _complete_rules(begun: str) -> list[str]:
    """Rules of the packs that come along whose full names begin so."""
    from syndicate.rules.packs import load_packs

    return sorted(rule.id for rule in load_packs().rules if rule.id.startswith(begun))


RuleName = Annotated[str, typer.Argument(help="Full name of the rule: pack/id.", autocompletion=_complete_rules)]
Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT", help="Files, folders, globs, or - for stdin; .gz and .zst, too.")
]
Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--packs",
        metavar="PACK",
        autocompletion=_complete_packs,
        help="A rule pack: core, publishers, one that an installed package brings, a .toml file, or a folder of "
        "them. Repeat for more; later ones win. All that come along if none is given.",
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Packs, disabled rules, overrides; ./syndicate.toml, if it is there, if not given."
    ),
]
Preview = Annotated[bool | None, typer.Option("--preview", help="Let rules fire that are still previews.")]
MinConfidence = Annotated[
    Literal["possible", "likely", "certain"] | None,
    typer.Option("--min-confidence", help="Leave out rules less sure than this."),
]
Format = Annotated[
    Literal["auto", "html", "text", "jsonl", "csv", "parquet", "warc"],
    typer.Option("--from", help="What the inputs are; by their endings, else by a look, if not given."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="OURS=THEIRS",
        help="What the records call a field: html=raw_content. Repeat for more; ours are id, url, html, text, title, "
        "outlet, published, byline, crawled.",
    ),
]
PageLimit = Annotated[
    int, typer.Option("--page-limit", metavar="BYTES", min=1, help="Past it a page is not read, and failed.")
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that clean; one a processor if not given.")
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", min=0.1, help="Past it a page is given up, and failed.")
]
Parser = Annotated[str, typer.Option(help="lexbor, or a BeautifulSoup tree builder: lxml, html5lib, html.parser.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what failed, and the account.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Name each page, and where in the code an error was.")]
Url = Annotated[
    str | None, typer.Option("--url", help="The page's address: picks its publisher's packs and tells its outlet.")
]
SiteRepeats = Annotated[
    bool,
    typer.Option(
        "--site-repeats",
        help="Also strip what repeats across a site's articles in this run; reads every input twice.",
    ),
]

Learn = Annotated[
    bool,
    typer.Option(
        "--learn",
        help="Also strip what would be learnt from the pages of this run ('rules learn'); reads every input twice.",
    ),
]

Engine = Annotated[
    Literal["local", "spark"],
    typer.Option("--engine", help="Where the work is done: here, or on Apache Spark, which writes folders of parts."),
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master",
        metavar="URL",
        help="Where Spark runs: yarn, k8s://..., spark://...; if not given where spark-submit says, else here.",
    ),
]
Conf = Annotated[
    list[str] | None,
    typer.Option("--conf", metavar="KEY=VALUE", help="A setting of Spark. Repeat for more."),
]


def check_engine(context: typer.Context, engine: str, *local: str) -> None:
    """Refuse options that the engine does not have.

    Args:
        context: The command, with what it was given.
        engine: "local" or "spark".
        local: Parameters that only the local engine has.

    Raises:
        InputError: One of these is given, or one of Spark's without Spark.
    """
    from syndicate.errors import InputError

    foreign = local if engine == "spark" else ("master", "conf")
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in foreign and source is not None and source.name != "DEFAULT":
            hint = "does not go with --engine spark" if engine == "spark" else "goes with --engine spark alone"
            raise InputError(f"{max(parameter.opts, key=len)} {hint}")


def spark_settings(conf: list[str] | None) -> dict[str, str]:
    """Settings of Spark by name.

    Raises:
        InputError: One has no value.
    """
    from syndicate.errors import InputError

    pairs = [pair.partition("=") for pair in conf or ()]
    for name, sign, _ in pairs:
        if not (name and sign):
            raise InputError(f"--conf {name}: say to what it is set: --conf {name or 'KEY'}=VALUE")
    return {name: value for name, _, value in pairs}


def read_options(source: str, fields: list[str] | None, page_limit: int) -> ReadOptions:
    """How inputs are to be read.

    Raises:
        InputError: A field is not named as it should be.
    """
    from syndicate.errors import InputError
    from syndicate.io.inputs import ReadOptions

    pairs = [pair.partition("=") for pair in fields or ()]
    for ours, _, theirs in pairs:
        if not theirs:
            raise InputError(f"--map {ours}: say which field of the records it is: --map {ours}=NAME")
    return ReadOptions(source, {ours: theirs for ours, _, theirs in pairs}, page_limit)


def config_path(given: Path | None) -> Path | None:
    """The configuration file in force: the one that is given, else the one in the folder the command runs in."""
    from syndicate.rules.config import CONFIG_NAME

    here = Path(CONFIG_NAME)
    return given or (here if here.is_file() else None)


def configured_rules(packs: list[str] | None, config: Path | None) -> RuleSet:
    """All rules of the packs in force, previews included; a disabled rule is not in force."""
    from dataclasses import replace

    from syndicate.rules.config import Config, load_configured, read_config

    path = config_path(config)
    settings = replace(Config() if path is None else read_config(path), preview=True)
    return load_configured(replace(settings, packs=tuple(packs)) if packs else settings)


def learning_config(packs: list[str] | None, config: Path | None, output: Path) -> Config:
    """The configuration to learn with: the packs in force, but for the folder in which those that are learnt lie."""
    from dataclasses import replace

    from syndicate.rules.config import Config, read_config

    path = config_path(config)
    settings = Config() if path is None else read_config(path)
    given = tuple(packs) if packs else settings.packs
    return replace(settings, packs=tuple(pack for pack in given if Path(pack).resolve() != output.resolve()))
