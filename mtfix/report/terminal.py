"""Repair → text for the terminal: only what changed, in context, with the reason of every edit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtfix.report.lines import LINE_END, LineIndex, visible
from mtfix.report.reasons import count, main_issue, open_issues, paint, percent
from mtfix.result import Edit, Repair

_CONTEXT = 160  # characters of unchanged text on either side of an edit, at most
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+")
_OPENING = re.compile(r"(?:[\n\r]|[.!?…][\"'”’»)\]]*\s+)$")  # what stands before a whole sentence
_CLOSING = re.compile(r"[.!?…][\"'”’»)\]]*$")


def diff(repair: Repair, color: bool = False) -> str:
    """Return the changed sentences with every removal and addition marked, and one line of reason per edit.

    Removals are red and struck through, additions green; without `color` they are [-…-] and {+…+}. Empty
    when nothing changed.
    """
    if not repair.edits:
        return ""
    text = repair.original
    lines = LineIndex(text)
    parts: list[str] = []
    for start, end, edits in _excerpts(text, repair.edits):
        place = "{}:{}".format(*lines.place(edits[0].start))
        parts.append(f"{paint(place, 'place', color)}  {_marked(text, start, end, edits, color)}\n")
        parts += [f"    {_reason(edit, color)}\n" for edit in edits]
        parts.append("\n")
    summary = f"{count(len(repair.edits), 'edit')}"
    left = len(open_issues(repair))
    if left:
        summary += f", {count(left, 'issue')} reported without a repair"
    if repair.rejected:
        summary += f", {count(len(repair.rejected), 'candidate')} rejected"
    parts.append(paint(summary, "dim", color) + "\n")
    return "".join(parts)


def _excerpts(text: str, edits: Sequence[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """Group edits by the sentence they stand in, as far as line ends and full stops show it."""
    excerpts: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        start, end = _left(text, edit.start), _right(text, edit.end)
        if excerpts and start <= excerpts[-1][1]:
            first, last, group = excerpts[-1]
            group.append(edit)
            excerpts[-1] = (first, max(last, end), group)
        else:
            excerpts.append((start, end, [edit]))
    return excerpts


def _left(text: str, position: int) -> int:
    floor = max(0, position - _CONTEXT)
    before = text[floor:position]
    ends = [m.end() for pattern in (LINE_END, _SENTENCE_END) for m in pattern.finditer(before)]
    if ends:
        return floor + max(ends)
    return floor + before.find(" ") + 1 if floor else 0


def _right(text: str, position: int) -> int:
    ceiling = min(len(text), position + _CONTEXT)
    begin = max(0, position - 1)  # an edit may itself end the sentence
    line = LINE_END.search(text, position, ceiling)
    sentence = _SENTENCE_END.search(text, begin, ceiling)
    stops = [line.start()] if line else []
    stops += [begin + len(text[begin : sentence.end()].rstrip())] if sentence else []
    if stops:
        return max(position, min(stops))
    return max(position, text.rfind(" ", position, ceiling)) if ceiling < len(text) else ceiling


def _marked(text: str, start: int, end: int, edits: Sequence[Edit], color: bool) -> str:
    parts = ["… "] if start and not _OPENING.search(text[max(0, start - 9) : start]) else []
    last = start
    for edit in edits:
        parts.append(visible(text[last : edit.start]))
        removed, added = visible(edit.text), visible(edit.replacement)
        if color:
            parts.append(paint(removed, "removed", True) if removed else "")
            parts.append(" " if removed and added else "")
            parts.append(paint(added, "added", True) if added else "")
        else:
            parts.append(f"[-{removed}-]" if removed else "")
            parts.append(f"{{+{added}+}}" if added else "")
        last = edit.end
    parts.append(visible(text[last:end]))
    if end < len(text) and text[end] not in "\n\r" and not _CLOSING.search(text[max(0, end - 8) : end]):
        parts.append(" …")
    return "".join(parts)


def _reason(edit: Edit, color: bool) -> str:
    issue = main_issue(edit)
    if issue is None:
        return paint("no reason recorded", "dim", color)
    source = f"({percent(issue.confidence)}, {visible(issue.detector)})"
    others = len(edit.issues) - 1
    return " ".join(
        (
            paint(f"{issue.severity} {issue.category}:", issue.severity, color),
            visible(issue.message),
            paint(source + (f" and {count(others, 'other reason')}" if others else ""), "dim", color),
        )
    )
