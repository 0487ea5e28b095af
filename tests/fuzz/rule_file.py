"""Any bytes as a rule file: it loads, or is refused with RuleError; what loads can be tested and used."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from syndicate import RuleError
from syndicate.rules.check import check_rules
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.load import load_files
from syndicate.rules.match import RuleSet

_HEAD: Final = 'schema = 1\n[pack]\nname = "try"\nversion = "1"\nsummary = "s"\n'
SEEDS: Final = tuple(
    text.encode()
    for text in (
        _HEAD + "hosts = ['harbour.example']\n[[rule]]\nid = 'share'\nkind = 'share-prompt'\nsummary = 's'\n"
        "pattern = '(?i)share this (?P<author>\\p{Lu}\\w+)'\nmatch = 'anywhere'\nkeywords = ['share']\n"
        "zone = 'tail'\nzone_blocks = 3\naction = 'trim'\nconfidence = 'certain'\n[[rule.accept]]\n"
        "text = 'Share this Ada'\ncapture = { author = 'Ada' }\nleaves = ''\n"
        "[[rule.reject]]\ntext = 'Share it'\nwhy = 'story'\n",
        _HEAD + "[fragments]\nname = '[A-Z]+'\n[[rule]]\nid = 'more'\nkind = 'promo'\nsummary = 's'\n"
        "text = ['Read it all', 'More of it']\naction = 'cut-after'\nzone = 'tail'\nmax_cut_blocks = 2\n"
        "accept = [{text = 'Read it all'}]\nreject = [{text = 'no'}]\nknown_miss = [{text = 'All'}]\n",
        _HEAD + "[article]\nnames = ['body']\n[tags]\npromo = ['aside']\n[names]\nnavigation = ['menu']\n"
        "[[rule]]\nid = 'box'\nkind = 'promo'\nsummary = 's'\nselector = 'div.box > p'\n"
        "accept = [{html = '<div class=box><p>Buy</p></div>'}]\nreject = [{html = '<p>News</p>'}]\n",
        "\ufeffschema = 2\r\n[pack]\r\n",
    )
)
WORDS: Final = (
    "[[rule]]", "[pack]", "[fragments]", "[tags]", "[names]", "[article]", "schema = 1", "id = ", "kind = ",
    "pattern = '",
    "text = ", "selector = '", "match = 'sentence'", "zone = 'head'", "action = 'keep'", "keywords = ", "'''",
    '"""', "\\u", "{{person}}", "{{", "(?P<author>", "(?:", "(?i)", "(?<=", "{1,9}", "\\p{Lu}", "[[:alpha:]]", "*+",
    "(?R)", "{e<=1}", "1979-05-27", "inf", "0x", "1e9", "[[", "]]", "{}", "status = 'deprecated'",
    "replaced_by = ", "hosts = ", "languages = ", "[[rule.accept]]", "capture = {", ":has(", ":not(", "::", "é",
)  # fmt: skip


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="syndicate-fuzz-")) / "try.toml"


def check(data: bytes) -> None:
    """The data is the file."""
    _file().write_bytes(data)
    try:
        packs, markers = load_files([_file()], standard_fragments())
    except RuleError as error:
        problems = error.problems
    else:
        check_rules(RuleSet(packs, markers))
        return
    assert problems
    assert all(1 <= problem.line <= data.count(b"\n") + 1 for problem in problems), problems
