"""A new rule file around a text that a rule should take, ready to edit."""

from __future__ import annotations

import json
from typing import Final

_PLACEHOLDER: Final = "A sentence of a story that comes near and must stay."


def draft_rule(text: str, host: str | None = None) -> str:
    """Write a rule file whose one rule takes a text as it stands.

    Args:
        text: The block, white space folded.
        host: The publisher the pack is to be for; None for any.

    Returns:
        TOML that loads and passes its tests, with what is to be edited marked.
    """
    quoted = json.dumps(text, ensure_ascii=False)
    lines = [
        "schema = 1",
        "",
        "[pack]",
        f"name = {json.dumps(host or 'my-rules')}",
        'version = "1"',
        'summary = "What our feeds leave in"',
        *([f"hosts = [{json.dumps(host)}]"] if host else []),
        "",
        "[[rule]]",
        'id = "new-rule"  # edit: lower-case words joined by hyphens',
        "kind = \"promo\"  # edit: see the kinds with 'syndicate rules list'",
        'summary = "What it takes, in one line"  # edit',
        f"text = {quoted}  # or a pattern of the form: see docs/rules.md",
        "",
        "[[rule.accept]]",
        f"text = {quoted}",
        "",
        "[[rule.reject]]",
        f"text = {json.dumps(_PLACEHOLDER)}  # edit",
    ]
    return "\n".join(lines) + "\n"
