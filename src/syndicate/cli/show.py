"""What people see on a terminal: an explained page, a table of stories, rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from syndicate.cli.terminal import safe
from syndicate.model import Status
from syndicate.report.words import PHRASES, REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from syndicate.graph import Story, SyndicationGraph
    from syndicate.model import Article, Removal
    from syndicate.outlets import OutletTable
    from syndicate.rules.match import RuleSet
    from syndicate.rules.rule import Case, Evidence, Rule, Seen
    from syndicate.stats import RuleStats

_COLOURS: Final = {
    "share-prompt": "bright_blue", "newsletter": "blue", "read-more": "cyan", "promo": "bright_magenta",
    "byline": "green", "author-bio": "green", "media-contact": "bright_green", "disclaimer": "yellow",
    "copyright": "bright_yellow", "image-credit": "magenta", "attribution": "bright_red", "paywall": "red",
    "advertisement": "red",
}  # fmt: skip
_ORIGIN_FIELDS: Final = frozenset(("source", "source_url", "agency", "licence", "canonical"))
_FILE_WIDTH: Final = 120
"""Columns of a table that is not on a terminal."""
_STORIES, _ALONE = 20, 20
"""Stories, and articles of no story, that the tables name."""
_OUTLETS: Final = 10
"""Outlets in the table of those who copy."""
_SOURCES: Final = 3
"""Outlets that one copied from most, in that table."""


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _FILE_WIDTH
    return console


def show_article(article: Article, rules: RuleSet) -> None:
    """Print a page with each removal in its place, then why each rule fired, then what the page claims."""
    console = _console()
    title = safe(article.title or article.id or "untitled")
    console.print(Text.assemble((title, "bold"), "  ", (f"{article.status} {article.reason}".rstrip(), "dim")))
    console.print(Text(" · ".join(safe(fact) for fact in _facts(article)), "dim"))
    console.print()
    # A refused plan is shown as it would have been carried out.
    console.print(_marked(article, article.refused or article.removed), soft_wrap=True)
    console.print()
    summaries = {rule.id: rule.summary for rule in rules.rules}
    fired = Table("rule", "kind", "took", "why", box=None, header_style="dim", pad_edge=False)
    for removal in article.refused or article.removed:
        if not removal.by_extractor:
            taken = " ".join(removal.text.split())
            fired.add_row(
                Text(safe(removal.rule), _COLOURS.get(removal.kind, "white")), removal.kind,
                Text(safe(taken if len(taken) <= 60 else f"{taken[:59]}…")),
                Text(safe(summaries.get(removal.rule, ""))),
            )  # fmt: skip
    if fired.row_count:
        console.print(fired)
        console.print()
    _show_claims(article, console)
    _show_origin(article, console)
    _show_totals(article, console)


def _facts(article: Article) -> Iterator[str]:
    yield article.id or "no id"
    yield from (fact for fact in (article.outlet, article.byline, article.published) if fact)


def _marked(article: Article, removals: Sequence[Removal]) -> Text:
    """The document's text, what was taken struck out and named, what the extractor left out counted."""
    marked = Text()
    source = article.restore()
    at = skipped = 0
    for removal in removals:
        if removal.start > at:
            skipped = _mark_skipped(marked, skipped)
            marked.append(safe(source[at : removal.start]))
        if removal.by_extractor:
            skipped += len(removal.text.strip())
            marked.append(removal.replacement)
        else:
            skipped = _mark_skipped(marked, skipped)
            text = removal.text.strip()
            lead = removal.text[: len(removal.text) - len(removal.text.lstrip())]
            captured = "".join(f" {field}={value!r}" for field, value in removal.captures)
            colour = _COLOURS.get(removal.kind, "white")
            marked.append(_gap(lead)).append(safe(text), f"strike {colour}")
            marked.append(safe(f" ◂ {removal.kind} · {removal.rule}{captured}"), f"italic {colour}")
            marked.append(_gap(removal.text[len(lead) + len(text) :]))
        at = removal.end
    _mark_skipped(marked, skipped)
    return marked.append(safe(source[at:]))


def _gap(space: str) -> str:
    """White space around what was taken; some separators count as such, and are control characters too."""
    return safe(space.replace("\r", ""))


def _mark_skipped(marked: Text, characters: int) -> int:
    if characters:
        gap = "" if not marked or marked.plain.endswith("\n") else "\n\n"
        marked.append(f"{gap}⋯ {characters:,} characters outside the article ⋯\n\n", "dim")
    return 0


def _show_claims(article: Article, console: Console) -> None:
    claims = Table("claim", "value", "read by", "in the words", box=None, header_style="dim", pad_edge=False)
    for claim in article.claims:
        style = "bold" if claim.field in _ORIGIN_FIELDS else ""
        claims.add_row(
            Text(claim.field, style),
            Text(safe(claim.value), style),
            Text(safe(claim.rule), "dim"),
            Text(safe(claim.text)),
        )
    if claims.row_count:
        console.print(claims)
        console.print()


def _show_origin(article: Article, console: Console) -> None:
    """Print, in three lines, where the page's own words say that its text is from; nothing where they do not."""
    from syndicate.origin import OriginFinder

    finder = OriginFinder([article])
    origin = finder.decide([article])
    if origin.outlet is None or not origin.evidence:
        return
    best = origin.evidence[0]
    rule = next((claim.rule for claim in article.claims if best.text in {claim.text, claim.value}), best.kind)
    console.print(
        Text.assemble(
            "The origin is ", (safe(origin.outlet), "bold green"), f", confidence {origin.confidence:.2f},\n"
            f"since the page says “{safe(' '.join(best.text.split()))}” ({best.kind}, by {safe(rule)}),\n"
            f"and not {safe(finder.outlet_of(article))}, which has the page; who is only cited is no origin.",
        ),
        soft_wrap=True,
    )  # fmt: skip
    console.print()


def _show_totals(article: Article, console: Console) -> None:
    by_rules = sum(len(removal.text) for removal in article.removed if not removal.by_extractor)
    outside = sum(len(removal.text) for removal in article.removed if removal.by_extractor)
    console.print(
        Text(
            f"{len(article.text):,} characters kept, {by_rules:,} taken by rules, {outside:,} outside the article",
            "dim",
        )
    )
    for note in article.notes:
        console.print(Text(f"note: {safe(note)}", "yellow"))


def show_graph(graph: SyndicationGraph, articles: Iterable[Article]) -> None:
    """Print which page is a copy of which, then each story's origin and why."""
    console = _console()
    by_id = {article.id: article for article in articles}
    names = _Names(by_id)
    table = Table("page", "outlet", "is", "because", box=None, header_style="dim", pad_edge=False)
    # A table is for reading: of very many stories those that most ran, all of which stand in stories.jsonl.
    most = sorted(graph.stories, key=lambda story: -len(story.members))[:_STORIES]
    chosen = {story.id for story in most}
    stories = [story for story in graph.stories if story.id in chosen]
    for story in stories:
        for page, what, why in _story_rows(story, names):
            outlet = by_id[page].outlet or "?"
            table.add_row(names[page], Text(safe(outlet)), Text(what), Text(why, "dim"))
        table.add_row()
    copied = {page for story in graph.stories for page, *_ in _story_rows(story, names)}
    alone = [article for article in by_id.values() if article.id not in copied]
    for article in alone[:_ALONE]:
        what = str(article.status) if article.status in (Status.EMPTY, Status.REJECTED) else "a copy of no page here"
        table.add_row(names[article.id], Text(safe(article.outlet or "?")), Text(what, "dim"), "")
    console.print(table)
    if len(alone) > _ALONE:
        console.print(Text(f"and {len(alone) - _ALONE:,} more that are copies of no page here", "dim"))
    for story in stories:
        console.print()
        console.print(_origin_text(story, names), soft_wrap=True)
    if len(graph.stories) > _STORIES:
        console.print(Text(f"\nand {len(graph.stories) - _STORIES:,} more stories", "dim"))


def show_story(story: Story, articles: Iterable[Article]) -> None:
    """Print a story's pages, what each is, and the origin with all that speaks for it."""
    by_id = {article.id: article for article in articles}
    names = _Names(by_id)
    table = Table("page", "outlet", "published", "is", "because", box=None, header_style="dim", pad_edge=False)
    for page, what, why in _story_rows(story, names):
        facts = (by_id[page].outlet, by_id[page].published) if page in by_id else (None, None)
        table.add_row(names[page], *(Text(safe(fact or "?")) for fact in facts), Text(what), Text(why, "dim"))
    console = _console()
    console.print(table)
    console.print()
    console.print(_origin_text(story, names, len(story.origin.evidence)), soft_wrap=True)


def show_outlets(table: OutletTable) -> None:
    """Print the outlets that were copied most or copied themselves; all of them stand in outlets.csv."""
    sources: dict[str, list[str]] = {}
    for pair in table.reposts:
        sources.setdefault(pair.outlet, []).append(safe(pair.source))
    active = [outlet for outlet in table.outlets if outlet.originated or outlet.copied or outlet.reposted]
    if not active:
        return
    right = (Column(name, justify="right") for name in ("wrote", "was copied", "copied", "with credit", "after"))
    rows = Table("outlet", *right, "mostly from", box=None, header_style="dim", pad_edge=False)
    for outlet in active[:_OUTLETS]:
        after = "" if outlet.hours is None else f"{outlet.hours:,.1f} h"
        counts = (outlet.originated, outlet.copied, outlet.reposted, outlet.credited)
        told = (f"{count:,}" if count else "" for count in counts)
        rows.add_row(
            Text(safe(outlet.name)), *told, after, Text(", ".join(sources.get(outlet.name, ())[:_SOURCES]), "dim")
        )
    console = _console()
    console.print()
    console.print(rows)
    if len(active) > _OUTLETS:
        console.print(Text(f"and {len(active) - _OUTLETS:,} more", "dim"))


class _Names:
    """Article ids as people read them: without the folder that all paths among them share."""

    def __init__(self, ids: Iterable[str]) -> None:
        folders = {article.rpartition("/")[0] for article in ids if "/" in article}
        self.prefix = f"{folders.pop()}/" if len(folders) == 1 else ""

    def __getitem__(self, article: str) -> str:
        return safe(article.removeprefix(self.prefix))


def _story_rows(story: Story, names: _Names) -> Iterator[tuple[str, str, str]]:
    """(article, what it is, why) for a story's members and for what else took from it, the origin first."""
    origin = story.origin
    copies = {edge.copy for edge in story.edges}
    for member in sorted(story.members, key=lambda member: member != origin.article):
        if member == origin.article:
            yield member, "the original", ""
        elif member not in copies and origin.outlet is not None and origin.article is None:
            yield member, f"a copy of a text by {safe(origin.outlet)}", ""
        elif member not in copies:
            yield (
                member,
                "one of the copies" if len(story.members) > 1 else "the source",
                "origin cannot be told",
            )
    for edge in story.edges:
        yield edge.copy, f"{PHRASES[edge.relation]} {names[edge.source]}", REASONS[edge.evidence]


def _origin_text(story: Story, names: _Names, most: int = 4) -> Text:
    origin = story.origin
    members = f"{len(story.members)} page{'s' * (len(story.members) != 1)}"
    if origin.outlet is None:
        text = Text.assemble((f"Story {story.id}", "bold"), f" ({members}): the origin cannot be told")
    else:
        where = names[origin.article] if origin.article else "not among these pages"
        text = Text.assemble(
            (f"Story {story.id}", "bold"), f" ({members}): the origin is ", (safe(origin.outlet), "bold green"),
            f" ({where}), confidence {origin.confidence:.2f}, because",
        )  # fmt: skip
    for piece in origin.evidence[:most]:
        text.append(f"\n  {piece.kind}: {names[piece.article]}: “{safe(piece.text)}”")
    if origin.rivals:
        rivals = ", ".join(f"{safe(rival.outlet)} ({rival.confidence:.2f})" for rival in origin.rivals[:most])
        text.append(f"\n  it may be {'instead ' if origin.outlet else ''}{rivals}", "dim")
    for note in story.notes:
        text.append(f"\n  note: {safe(note)}")
    return text


def show_rules(rules: Sequence[Rule]) -> None:
    """Print rules, one a line, and their count."""
    table = Table("rule", "kind", "action", "summary", box=None, header_style="dim", pad_edge=False)
    for rule in rules:
        table.add_row(
            Text(safe(rule.id)),
            Text(rule.kind, _COLOURS.get(rule.kind, "white")),
            str(rule.action),
            Text(safe(rule.summary)),
        )
    console = _console()
    console.print(table)
    console.print(_count(rules))


def show_counts(rules: Sequence[Rule]) -> None:
    """Print how many rules each pack has, and of which kinds."""
    by_pack: dict[str, Counter[str]] = {}
    for rule in rules:
        by_pack.setdefault(rule.id.partition("/")[0], Counter())[rule.kind] += 1
    table = Table("pack", Column("rules", justify="right"), "kinds", box=None, header_style="dim", pad_edge=False)
    for pack, kinds in by_pack.items():
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        table.add_row(Text(safe(pack)), str(kinds.total()), Text(told))
    console = _console()
    console.print(table)
    console.print(_count(rules))


def _count(rules: Iterable[Rule]) -> Text:
    files = [rule.place.rpartition(":")[0] for rule in rules]
    return Text(f"{len(files)} rules in {len(set(files))} packs", "dim")


def show_rule(rule: Rule) -> None:
    """Print everything a rule says of itself."""
    console = _console()
    console.print(Text(safe(rule.id), "bold"))
    where = "anywhere" if not rule.zone_blocks else f"{rule.zone}, {rule.zone_blocks} blocks"
    facts = {
        "summary": rule.summary, "kind": rule.kind, "action": rule.action, "match": rule.match, "zone": where,
        "confidence": rule.confidence.name.lower(), "keywords": ", ".join(rule.keywords),
        "selector" if rule.selector else "pattern": rule.source,
        "hosts": ", ".join(rule.hosts), "languages": ", ".join(rule.languages), "status": rule.status,
        "replaced by": rule.replaced_by,
        "references": ", ".join(rule.references), "file": rule.place,
    }  # fmt: skip
    if rule.evidence is not None:
        facts["evidence"] = evidence_line(rule.evidence)
        facts["guessed"] = ", ".join(rule.evidence.guessed)
    for name, value in facts.items():
        if value:
            console.print(Text.assemble((f"{name:>11}  ", "dim"), safe(str(value))), soft_wrap=True)
    for name in ("accept", "reject", "known_miss"):
        for case in getattr(rule, name):
            console.print(Text.assemble((f"{name:>11}  ", "dim"), safe(_case_text(case))), soft_wrap=True)
    for place in rule.evidence.seen if rule.evidence else ():
        console.print(Text.assemble((f"{'seen':>11}  ", "dim"), safe(place.page)), soft_wrap=True)
        console.print(placed_text(place), soft_wrap=True)


def evidence_line(evidence: Evidence) -> str:
    """What a learnt rule rests on, in one line."""
    days = dict.fromkeys(day for day in (evidence.first_seen, evidence.last_seen) if day)
    facts = [f"in {evidence.stories:,} of {evidence.of:,} stories"]
    if days:
        facts.append(f"seen {' to '.join(days)}")
    if evidence.unseen:
        facts.append(f"not in {evidence.unseen:,} since{': it may be gone' * evidence.is_dead}")
    return ", ".join(facts)


def placed_text(place: Seen) -> Text:
    """What a rule takes, between what stands around it; a mark in front tells it where there are no colours."""
    lines = ((" ", place.before, "dim"), ("▸", place.text, "bold"), (" ", place.after, "dim"))
    indent = " " * 13
    return Text("\n").join(
        Text(f"{indent}{mark} {safe(' '.join(text.split()))}", style) for mark, text, style in lines if text.strip()
    )


def _case_text(case: Case) -> str:
    captured = "".join(f"  {field}={value!r}" for field, value in case.capture or ())
    why = f"  ({case.why})" if case.why else ""
    return f"{case.html or case.text}{captured}{why}"


def show_stats(stats: Iterable[RuleStats], pages: int) -> None:
    """Print a row for each rule that fired, and the names of those that did not."""
    table = Table("rule", "kind", box=None, header_style="dim", pad_edge=False)
    for column in ("hits", "characters", "tried", "ms"):
        table.add_column(column, justify="right")
    never: list[str] = []
    for one in stats:
        if not one.hits:
            never.append(one.rule.id)
            continue
        table.add_row(
            Text(safe(one.rule.id)), Text(one.rule.kind, _COLOURS.get(one.rule.kind, "white")), f"{one.hits:,}",
            f"{one.characters:,}", f"{one.tried:,}", f"{one.seconds * 1000:.1f}",
        )  # fmt: skip
    console = _console()
    console.print(table)
    console.print(Text(f"\n{table.row_count} rules fired on {pages} pages; {len(never)} never did:", "dim"))
    console.print(Text(safe(", ".join(never)), "dim"))
