"""The kinds of made stories: each a function from a desk to pages and what they tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from made_outlets import listed, words
from made_pages import Draft, Marks
from made_scenes import Plot, Told, edited, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from made_outlets import Outlet
    from made_scenes import Desk, Scene

COPIES: Final = (1, 1, 1, 2, 2, 3, 4)
"""How many copies a story has, one as likely as the other."""


def plot(drafts: Sequence[Draft], origin: Outlet | None, *, article: bool = True) -> Plot:
    """A story of which the first page is the original, or of which none is."""
    rest = range(1, len(drafts))
    told = article and origin is not None
    members = tuple(range(len(drafts)))
    return Plot(
        tuple(drafts), dict.fromkeys(rest, (0,)) if told else {}, (Told(origin, 0 if told else None, members),)
    )


def by_time(scene: Scene, *, edits: bool = False) -> list[Draft]:
    """An original and later copies that credit nobody."""
    copies = scene.rng.choice(COPIES)
    when = scene.later()
    return [
        scene.page(outlet, *next(when), text=edited(scene.text, scene.rng) if edits and at else ())
        for at, outlet in enumerate(scene.cast(copies + 1))
    ]


def silent(scene: Scene) -> list[Draft]:
    """Pages of one text that do not tell which was first.

    No dates; some; one moment, give or take two minutes; one day; local times without zones, hours apart.
    """
    rng = scene.rng
    outlets = scene.cast(1 + rng.choice(COPIES))
    case = rng.choice(("none", "one", "minutes", "minutes", "day", "naive"))
    form = {"minutes": "zoned", "one": "none"}.get(case, case)
    spread = {"minutes": 1 / 30, "naive": 4}.get(case, 0)
    drafts = [scene.page(outlet, rng.uniform(0, spread), form) for outlet in outlets]
    if case == "one":
        drafts[0] = replace(drafts[0], published=scene.page(outlets[0], 0, "zoned").published)
    return drafts


def time(desk: Desk) -> Plot:
    drafts = by_time(desk.scene())
    return plot(drafts, drafts[0].outlet)


def edits(desk: Desk) -> Plot:
    drafts = by_time(desk.scene(), edits=True)
    return plot(drafts, drafts[0].outlet)


def nothing(desk: Desk) -> Plot:
    return plot(silent(desk.scene()), None)


def lost(desk: Desk) -> Plot:
    """An original that is not in the corpus and that nobody names: time points at a copy, and nobody can know."""
    scene = desk.scene()
    (hidden,) = scene.cast(1)
    drafts = by_time(replace(scene, absent=(hidden,)))
    return Plot(tuple(drafts), {}, (Told(hidden, None, tuple(range(len(drafts))), graded=False),))


def with_credits(scene: Scene, hours: Callable[[], float], form: Callable[[], str], *, kept: bool = True) -> Plot:
    """Copies of which most credit the original, at least one; the original is in the corpus, or is not."""
    rng = scene.rng
    number = rng.choice(COPIES) + (0 if kept else 1)
    first, *rest = scene.cast(number + 1)
    original = scene.page(first, 0, form())
    drafts = [original] if kept else []
    for at, outlet in enumerate(rest):
        if at == 0 or rng.random() < 0.7:
            marks = scene.credit(first, original.url, original.published)
            if rng.random() < 0.15:
                marks = replace(marks, captions=(scene.trap("photo", rest[:1] * 2),))
            draft = scene.page(outlet, hours(), form(), marks, edited(scene.text, rng) if rng.random() < 0.3 else ())
        else:
            draft = scene.page(outlet, hours(), form())
        drafts.append(draft)
    return plot(drafts, first, article=kept)


def credited(desk: Desk) -> Plot:
    scene = desk.scene()
    return with_credits(scene, lambda: desk.rng.uniform(0.3, 200), scene.any_date)


def elsewhere(desk: Desk) -> Plot:
    scene = desk.scene()
    return with_credits(scene, lambda: desk.rng.uniform(0.3, 200), scene.any_date, kept=False)


def clock(desk: Desk) -> Plot:
    """The copies' clocks are wrong: their dates are before the original's."""
    scene = desk.scene()
    rng = desk.rng
    first, *rest = scene.cast(1 + rng.choice((1, 1, 2)))
    original = scene.page(first, 0, scene.exact())
    copies = [
        scene.page(outlet, -rng.uniform(3, 72), scene.exact(), scene.credit(first, original.url, original.published))
        for outlet in rest
    ]
    return plot([original, *copies], first)


def minutes(desk: Desk) -> Plot:
    scene = desk.scene()
    return with_credits(scene, lambda: desk.rng.uniform(0, 1 / 20), scene.exact)


def undated(desk: Desk) -> Plot:
    return with_credits(desk.scene(), lambda: 0, lambda: "none")


def markup(desk: Desk) -> Plot:
    """What only the markup says: the original's address as canonical, a tag made for it, a licence's counter."""
    scene = desk.scene()
    rng = desk.rng
    first, *rest = scene.cast(3)
    counted = {"The Conversation": "counter.theconversation.com/content/{n}/count.gif",
               "ProPublica": "pixel.propublica.org/pixel.js?n={n}"}  # fmt: skip
    form = rng.choice(("canonical", "canonical", "syndication-source", "original-source", "counter", "newspack"))
    known = [outlet for outlet in listed() if outlet.name in counted and outlet not in rest]
    pixel = None
    if form == "counter" and known:
        first = rng.choice(known)
        pixel = f"https://{counted[first.name].format(n=desk.number())}"
    elif form in {"counter", "newspack"}:
        pixel = f"https://{first.host}/?republication-pixel=true&post={desk.number()}"
    original = scene.page(first, 0, scene.any_date())
    marks = Marks(pixel=pixel, tags=() if pixel else ((form, original.url),))
    copies = [scene.page(outlet, rng.uniform(1, 90), scene.any_date(), marks) for outlet in rest]
    kept = rng.random() < 0.5
    return plot([original, *copies[: rng.choice((1, 2))]] if kept else copies, first, article=kept)


def agency(desk: Desk) -> Plot:
    """A wire service's text, which several outlets run at about the same time; seven in ten say so."""
    scene = desk.scene()
    rng = desk.rng
    wire = scene.agency()
    drafts = []
    for at, outlet in enumerate(scene.cast(rng.choice((2, 2, 3, 3, 4, 5, 7)))):
        marks = scene.wire(wire) if at == 0 or rng.random() < 0.7 else Marks()
        text = edited(scene.text, rng) if rng.random() < 0.3 else ()
        drafts.append(scene.page(outlet, rng.uniform(0, 30), scene.any_date(), marks, text))
    return plot(drafts, wire, article=False)


def chain(desk: Desk) -> Plot:
    """A <- B <- C: B names A, and C names B, or A; A may not be in the corpus."""
    scene = desk.scene()
    rng = desk.rng
    outlets = scene.cast(3)
    form = rng.choice((scene.exact, scene.any_date))
    first = scene.page(outlets[0], 0, form())
    second = scene.page(outlets[1], rng.uniform(1, 40), form(), scene.credit(outlets[0], first.url, first.published))
    names_second = rng.random() < 0.6
    named = second if names_second else first
    third = scene.page(
        outlets[2], rng.uniform(60, 100), form(), scene.credit(named.outlet, named.url, named.published)
    )
    if rng.random() < 0.6:
        sources = {1: (0,), 2: (1 if names_second else 0,)}
        return Plot((first, second, third), sources, (Told(outlets[0], 0, (0, 1, 2)),))
    return Plot((second, third), {1: (0,)} if names_second else {}, (Told(outlets[0], None, (0, 1)),))


def excerpt(desk: Desk) -> Plot:
    """A teaser that sends its readers to the original, or an excerpt that only comes later."""
    scene = desk.scene(english=True, least=300)
    rng = desk.rng
    first, second, *others = scene.cast(4)
    when = scene.later()
    drafts = [scene.page(first, *next(when))]
    reposted = rng.random() < 0.5
    if reposted:
        drafts.append(scene.page(second, *next(when)))
    for outlet in others[: rng.choice((1, 2))]:
        line = desk.wording(words()["excerpt"]["en"]["tail"]).format(**scene.slots(first, drafts[0].url))
        marks = Marks(tail=(line,), links=((first.name, drafts[0].url),)) if rng.random() < 0.6 else Marks()
        drafts.append(scene.page(outlet, *next(when), marks, shortened(scene.text, rng.uniform(0.35, 0.5))))
    whole = (0, 1) if reposted else (0,)
    return Plot(tuple(drafts), dict.fromkeys(range(1, len(drafts)), (0,)), (Told(first, 0, whole),))


def digest(desk: Desk) -> Plot:
    """Three stories, each with a repost, and a digest that takes from all three."""
    rng = desk.rng
    scenes = [desk.scene(english=True, least=220) for _ in range(3)]
    digester = scenes[0].cast(1)[0]
    drafts: list[Draft] = []
    taken: list[str] = []
    stories: list[Told] = []
    sources: dict[int, tuple[int, ...]] = {}
    start = max(scene.start for scene in scenes)
    for scene in (replace(scene, start=start) for scene in scenes):
        first, second = [outlet for outlet in scene.cast(3) if outlet != digester][:2]
        at = len(drafts)
        original = scene.page(first, 0, scene.exact())
        marks = scene.credit(first, original.url, original.published) if rng.random() < 0.5 else None
        drafts += (original, scene.page(second, rng.uniform(2, 40), scene.exact(), marks))
        stories.append(Told(first, at, (at, at + 1)))
        sources[at + 1] = (at,)
        if rng.random() < 0.6:
            taken.append(rng.choice(words()["excerpt"]["en"]["digest"]).format(x=first.name))
        taken += shortened(scene.text, 0.4)
    drafts.append(replace(scenes[0], start=start).page(digester, rng.uniform(60, 90), "zoned", None, taken))
    sources[len(drafts) - 1] = tuple(story.article for story in stories if story.article is not None)
    return Plot(tuple(drafts), sources, tuple(stories))


def trapped(kind: str, told: float) -> Callable[[Desk], Plot]:
    """Stories told by time, or that cannot be told, with words or markup in them that point elsewhere."""

    def make(desk: Desk) -> Plot:
        rng = desk.rng
        scene = desk.scene(english=True)
        others = tuple(scene.cast(2))
        scene = replace(scene, absent=others)
        if kind in {"cited", "book"}:
            line = scene.trap(kind, others)
            at = rng.randrange(1, len(scene.text) + 1)
            scene = replace(scene, text=(*scene.text[:at], line, *scene.text[at:]))
        timed = rng.random() < told
        drafts = by_time(scene) if timed else silent(scene)
        marked = rng.sample(range(len(drafts)), rng.randint(1, len(drafts)))
        if kind == "box":
            marked = [0]
        drafts = [replace(draft, marks=_trap(kind, scene, draft)) if at in marked else draft
                  for at, draft in enumerate(drafts)]  # fmt: skip
        return plot(drafts, drafts[0].outlet if timed else None)

    return make


def _trap(kind: str, scene: Scene, draft: Draft) -> Marks:
    """What a page of a story with a trap says beside its text."""
    if kind == "photo":
        return Marks(captions=(scene.trap(kind, scene.absent),))
    if kind in {"own", "bio"}:
        return Marks(tail=(scene.trap(kind, scene.absent, draft.published),))
    if kind == "host":
        return Marks(tags=(("canonical", _own_address(scene, draft)),))
    return Marks(box=kind == "box")


def _own_address(scene: Scene, draft: Draft) -> str:
    """A page's canonical address on another host of its own: staging, mobile, AMP, its hoster's, its other site's."""
    host = draft.outlet.host
    name = host.partition(".")[0]
    hosts = [f"staging.{host}", f"m.{host}", f"amp.{host}", f"{name}.wpengine.com", f"{name}-staging.wpengine.com",
             f"{host.replace('.', '-')}.cdn.ampproject.org", *draft.outlet.also]  # fmt: skip
    return draft.url.replace(f"www.{host}", scene.rng.choice(hosts))


KINDS: Final[dict[str, tuple[Callable[[Desk], Plot], int]]] = {
    "time": (time, 50), "edits": (edits, 25), "credited": (credited, 80), "elsewhere": (elsewhere, 42),
    "markup": (markup, 28), "agency": (agency, 66), "chain": (chain, 24), "clock": (clock, 12),
    "minutes": (minutes, 10), "undated": (undated, 14), "excerpt": (excerpt, 18), "digest": (digest, 7),
    "cited": (trapped("cited", 0.6), 12), "photo": (trapped("photo", 0.6), 10), "own": (trapped("own", 1), 6),
    "host": (trapped("host", 0.6), 10), "box": (trapped("box", 1), 4), "book": (trapped("book", 0.6), 8),
    "bio": (trapped("bio", 0.6), 10), "nothing": (nothing, 40), "lost": (lost, 10),
}  # fmt: skip
"""How each kind is made, and how many times; a digest makes three stories."""
