"""Offsets → lines and columns, and text made safe to show on one line of a terminal."""

from __future__ import annotations

import re
from bisect import bisect_right

LINE_END = re.compile(r"\r\n|\n|\r")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class LineIndex:
    """The line starts of a text."""

    def __init__(self, text: str) -> None:
        ends = [match.span() for match in LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a string index, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def range(self, line: int) -> tuple[int, int]:
        """Return where a line begins and ends, without its line end."""
        return self._starts[line - 1], self._ends[line - 1]


def visible(text: str) -> str:
    """Show line ends as ⏎ and disarm what would steer the terminal."""
    return _UNPRINTABLE.sub("\ufffd", LINE_END.sub("⏎", text))
