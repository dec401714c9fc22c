"""Which tokens of one text became which of another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from mtfix.document import Token


def changes(source: Sequence[Token], target: Sequence[Token]) -> list[tuple[int, int, int, int]]:
    """Return the token ranges that differ, as (source start, source end, target start, target end), in order."""
    matcher = SequenceMatcher(None, [t.text for t in source], [t.text for t in target], autojunk=False)
    return [(a, b, c, d) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
