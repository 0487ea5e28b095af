"""What the tags of HTML mean for a page's text."""

from __future__ import annotations

from typing import Final

TAGS: Final = tuple(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label map mark nobr picture q ruby s samp "
    "small span strike strong sub sup tt u var time pre html script style template noscript svg iframe object embed "
    "canvas audio video select textarea datalist input title meta link base frame area param source track img br hr "
    "wbr rp rt xmp noembed noframes plaintext basefont bgsound col keygen".split()
)
"""The tags that mean something here; any other is an element that parts blocks."""
PLAIN_TAGS: Final = frozenset(TAGS[1 : TAGS.index("time")])
"""Inline elements that leave no trace in a document; only a selector asks for them. `a` and `time` are the others."""
LEAF_TAGS: Final = frozenset(TAGS[TAGS.index("script") : TAGS.index("xmp")])
"""Elements whose content is no text of the page; `rt` is how a word is read aloud, inside that word."""
VOID_TAGS: Final = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
"""Elements without content and end tag."""
RAW_TAGS: Final = frozenset("script style iframe xmp noembed noframes plaintext".split())
"""Elements whose text the standard does not escape."""
HEAD_TAGS: Final = frozenset("html time title meta link script img noscript template".split())
"""Elements that tell, or may tell, something of the page that is no text of it."""

PLAIN, LEAF, VOID, RAW, HEAD, LINK, TIME, PRE, BREAK, RULE = (1 << bit for bit in range(10))
"""What a tag is, as flags."""

_SINGLE: Final = {"a": LINK, "time": TIME, "pre": PRE, "br": BREAK, "hr": RULE}
_GROUPS: Final = ((PLAIN_TAGS, PLAIN), (LEAF_TAGS, LEAF), (VOID_TAGS, VOID), (RAW_TAGS, RAW), (HEAD_TAGS, HEAD))
ROLES: Final = tuple(_SINGLE.get(tag, 0) | sum(role for group, role in _GROUPS if tag in group) for tag in TAGS)
"""What each of `TAGS` is."""
