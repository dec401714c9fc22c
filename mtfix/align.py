"""Which tokens of one text became which of another, and the smallest edit that makes it so."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from mtfix.document import Token, tokenize


def changes(source: Sequence[Token], target: Sequence[Token]) -> list[tuple[int, int, int, int]]:
    """Return the token ranges that differ, as (source start, source end, target start, target end), in order."""
    matcher = SequenceMatcher(None, [t.text for t in source], [t.text for t in target], autojunk=False)
    return [(a, b, c, d) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]


def trimmed(text: str, start: int, end: int, replacement: str) -> tuple[int, int, str]:
    """Leave out what the original `text[start:end]` and the replacement share at either side, in whole tokens.

    The space beside a shared token is part of the edit where it differs.
    """
    original = text[start:end]
    old, new = tokenize(original), tokenize(replacement)
    left = 0
    while left < min(len(old), len(new)) - 1 and old[left].text == new[left].text:
        left += 1
    right = 0
    while right < min(len(old), len(new)) - 1 - left and old[-1 - right].text == new[-1 - right].text:
        right += 1
    begin, new_begin = 0, 0
    if left:
        begin, new_begin = old[left - 1].end, new[left - 1].end
        if original[begin : old[left].start] == replacement[new_begin : new[left].start]:
            begin, new_begin = old[left].start, new[left].start
    stop, new_stop = len(original), len(replacement)
    if right:
        stop, new_stop = old[-right].start, new[-right].start
        if original[old[-1 - right].end : stop] == replacement[new[-1 - right].end : new_stop]:
            stop, new_stop = old[-1 - right].end, new[-1 - right].end
    return start + begin, start + stop, replacement[new_begin:new_stop]
