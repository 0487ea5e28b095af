"""`syndicate rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.options import (
    ConfigFile,
    Format,
    Inputs,
    Map,
    Packs,
    PageLimit,
    RuleName,
    TimeLimit,
    Workers,
    config_path,
    configured_rules,
    learning_config,
    read_options,
)
from syndicate.cli.terminal import report, safe, say, tell

app = typer.Typer(help="List, show and test rules.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_rules(
    packs: Packs = None,
    config: ConfigFile = None,
    kind: Annotated[str | None, typer.Option(help="Only rules of this kind.")] = None,
    action: Annotated[str | None, typer.Option(help="Only rules that do this: drop, trim, cut-after, ...")] = None,
    status: Annotated[
        str | None, typer.Option(help="Only rules of this status: stable, preview, deprecated, rejected.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Only rules in force on pages of this host.")] = None,
    language: Annotated[str | None, typer.Option(help="Only rules in force on pages in this language: de.")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Count the rules by pack and kind instead.")] = False,
) -> None:
    """List the rules of the packs, with their kinds and what they do.

    Example: syndicate rules list --kind attribution
    Example: syndicate rules list --host morgenpost.de --counts
    """
    from syndicate.cli.show import show_counts, show_rules
    from syndicate.model import Kind
    from syndicate.rules.hosts import any_covers
    from syndicate.rules.rule import Action, RuleStatus

    for name, value, known in (("kind", kind, Kind), ("action", action, Action), ("status", status, RuleStatus)):
        if value is not None and value not in list(known):
            raise typer.BadParameter(f"no {name} {value!r}; there are: {', '.join(known)}", param_hint=f"--{name}")
    listed = [
        rule
        for rule in configured_rules(packs, config).rules
        if (kind in (None, rule.kind) and action in (None, rule.action) and status in (None, rule.status))
        and (host is None or not rule.hosts or any_covers(rule.hosts, host.lower()))
        and (language is None or not rule.languages or language.lower() in rule.languages)
    ]
    (show_counts if counts else show_rules)(listed)


@app.command()
def show(
    rule: RuleName,
    packs: Packs = None,
    config: ConfigFile = None,
) -> None:
    """Show one rule: where it stands, what it matches, and its tests.

    Example: syndicate rules show core-en/articles-by
    """
    import difflib

    from syndicate.cli.show import show_rule

    by_id = {known.id: known for known in configured_rules(packs, config).rules}
    if rule not in by_id:
        near = difflib.get_close_matches(rule, by_id, n=1, cutoff=0.3)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise typer.BadParameter(f"no rule {rule!r}{hint}; see 'syndicate rules list'", param_hint="RULE")
    show_rule(by_id[rule])


@app.command()
def test(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PACK]", help="Packs by name or path; all that come along if none."),
    ] = None,
) -> None:
    """Run every rule's own tests: accepts must match, rejects and known misses must not.

    Example: syndicate rules test ./my-rules
    """
    from syndicate.rules.check import check_rules
    from syndicate.rules.packs import DEFAULT_PACKS, load_packs

    rules = load_packs(packs or DEFAULT_PACKS, vet=True)
    count, failures = check_rules(rules)
    for failure in failures:
        typer.echo(safe(str(failure)))
    say(f"{len(rules.rules)} rules, {count} tests, {len(failures)} failed")
    if failures:
        raise typer.Exit(1)


@app.command()
def lint(
    packs: Annotated[
        list[str] | None, typer.Argument(metavar="[PACK]", help="Packs by name or path; all that come along if none.")
    ] = None,
) -> None:
    """Find rules that are slow, loose, or not what they look like.

    Example: syndicate rules lint ./my-rules
    """
    from syndicate.rules.lint import lint_rules
    from syndicate.rules.packs import DEFAULT_PACKS, load_packs

    rules = load_packs(packs or DEFAULT_PACKS)
    findings = lint_rules(rules)
    for finding in findings:
        typer.echo(safe(str(finding)))
    say(f"{len(rules.rules)} rules, {len(findings)} findings")
    if findings:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for editors.

    Example: syndicate rules schema > rules/schema.json
    """
    import json

    from syndicate.rules.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def stats(
    inputs: Annotated[list[str], typer.Argument(metavar="PAGES", help="Files, folders, globs, or - for stdin.")],
    packs: Packs = None,
    config: ConfigFile = None,
) -> None:
    """Show what each rule took from some pages, what it cost, and which rules never fired.

    Example: syndicate rules stats pages/
    """
    from syndicate.clean import Cleaner
    from syndicate.cli.show import show_stats
    from syndicate.io.read import Failure, read_pages, without_notes
    from syndicate.stats import rule_stats

    cleaner = Cleaner(packs or None, config=config_path(config), preview=True)
    pages = []
    for page in without_notes(read_pages(inputs), tell):
        if isinstance(page, Failure):
            report(page)
        else:
            pages.append(page)
    show_stats(rule_stats(pages, cleaner), len(pages))


@app.command()
def new(
    source: Annotated[
        str, typer.Option("--from", metavar="PAGE[:BLOCK]", help="A page, and the number of a block of it.")
    ],
    host: Annotated[str | None, typer.Option(help="Make the pack for this publisher alone.")] = None,
) -> None:
    """Write a rule file with a block of a page as its first accept; without a number, list the page's blocks.

    Example: syndicate rules new --from page.html:12 > my-rules.toml
    """
    from syndicate.clean import Cleaner
    from syndicate.io.read import read_one
    from syndicate.rules.draft import draft_rule

    name, colon, number = source.rpartition(":")
    wanted = int(number) if colon and number.isdecimal() else None
    blocks = Cleaner().read(read_one(source if wanted is None else name)).texts
    if wanted is None:
        for at, block in enumerate(blocks, 1):
            typer.echo(f"{at:>4}  {safe(block.text):.110}")
        return
    if not 1 <= wanted <= len(blocks):
        raise typer.BadParameter(f"the article has blocks 1 to {len(blocks)}", param_hint="--from")
    typer.echo(safe(draft_rule(blocks[wanted - 1].text, host)), nl=False)


@app.command()
def learn(
    inputs: Inputs,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="PACKS", help="Folder for the packs, one a publisher.")
    ],
    hosts: Annotated[
        list[str] | None,
        typer.Option(
            "--host", help="Only of this publisher; pages without an address are taken for its. Repeat for more."
        ),
    ] = None,
    packs: Packs = None,
    config: ConfigFile = None,
    source: Format = "auto",
    fields: Map = None,
    page_limit: PageLimit = 10_000_000,
    workers: Workers = None,
    time_limit: TimeLimit = 30.0,
) -> None:
    """Propose rules for what repeats on a publisher's pages over different stories: a pack for each publisher.

    The rules are previews, which fire with --preview, until somebody has looked at them: see 'rules review'. Run
    again, it brings counts up to date and adds what is new; what people have edited stays.

    Example: syndicate rules learn crawl.warc.gz -o packs/
    Example: syndicate rules learn pages/ -o packs/ --host harbourledger.example
    """
    from syndicate.clean import Cleaner
    from syndicate.cli.learn import learn_packs
    from syndicate.learn.learner import Learner
    from syndicate.workers import processors

    settings = learning_config(packs, config, output)
    named = tuple(host.lower() for host in hosts or ())
    learner = Learner(Cleaner(config=settings), named, workers or processors(), time_limit)
    failed = learn_packs(learner, inputs, read_options(source, fields, page_limit), output)
    if failed:
        raise typer.Exit(1)


@app.command()
def review(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="A rule file.")],
) -> None:
    """Look at a pack's previews one by one, then at rules that seem to be dead: keep, reject or edit them.

    Answers are keys on a terminal, else lines of stdin. Each is written at once.

    Example: syndicate rules review packs/harbourledger.example.toml
    """
    from syndicate.cli.review import Review

    Review(pack).walk()


@app.command("import")
def import_site_rules(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="FiveFilters' ftr-site-config: a tar archive or a folder.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the packs, one a site.")],
) -> None:
    """Turn FiveFilters' site files into publisher packs; what does not map is counted and listed.

    Example: syndicate rules import ftr-site-config.tar.gz -o packs/
    """
    from syndicate.rules.ftr import import_ftr
    from syndicate.rules.packs import load_packs

    account = import_ftr(source, output, load_packs(["core"]).markers.names)
    for name, line, text, reason in account.unmapped:
        typer.echo(f"{name}:{line}: not mapped ({reason}): {safe(text)}")
    for reason, count in account.reasons().most_common():
        say(f"{count:>6}  {reason}")
    lines = account.mapped + len(account.unmapped)
    say(
        f"{account.files} files, {lines} lines = {account.mapped} mapped + {len(account.unmapped)} not mapped; "
        f"{account.packs} packs in {output}"
    )
