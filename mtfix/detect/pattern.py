"""Patterns over the tokens of one sentence: a small language, compiled once, matched in linear time.

The syntax is documented at the top of `mtfix/rules/general.yaml`. A pattern becomes a program for a
backtracking machine that visits each (instruction, position) at most once (Cox 2010, "Regular expression
matching in the wild"), so no sentence can make it slow; it keeps track where two ways can meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from mtfix.detect.syntax import Node, PatternError, Reader
from mtfix.detect.tokenclass import Test, Words

_MAX_PROGRAM = 3000
#: Tokens so frequent that a rule had better be looked up by another word of it.
_FREQUENT = dict.fromkeys(("the", ",", ".", "of", "to", "and", "in", "a"), 40) | dict.fromkeys(
    ("an", "that", "for", "is", "on", "with", "was", "as", "by", "it", "at", "from", "be", "are", "this"), 10
)


@dataclass(frozen=True, slots=True)
class Match:
    """A match: token range `[start, end)` and the token ranges of its groups, by number and by name."""

    start: int
    end: int
    groups: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words one of which every match has, `first` to `last` tokens after the start of the match."""

    words: frozenset[str]
    first: int
    last: int

    @property
    def cost(self) -> int:
        """About how often the rule will be tried in vain."""
        return (self.last - self.first + 1) * sum(_FREQUENT.get(word, 1) for word in self.words)


class Pattern:
    """A compiled pattern; `lists` are the word lists it may refer to.

    Raises PatternError when the text cannot be read.
    """

    def __init__(self, text: str, lists: Mapping[str, Sequence[str]] | None = None) -> None:
        reader = Reader(text, lists or {})
        self.text = text
        self.groups, self.names = reader.groups, reader.names
        self._program: list[tuple[str, int, int, Test]] = []
        self._emit(reader.root)
        self._program.append(("end", 0, 0, _never))
        self._meetings = {two for code, _, two, _ in self._program if code == "split"}
        self._meetings |= {one for code, one, _, _ in self._program if code == "jump"}
        self.shortest, self.longest, anchors = _measure(reader.root)
        self.anchor = min(anchors, key=lambda anchor: anchor.cost, default=None)
        self._needed = tuple(dict.fromkeys(anchor.words for anchor in sorted(anchors, key=lambda anchor: anchor.cost)))

    def may_match(self, present: Set[str]) -> bool:
        """Whether a sentence of these lower-case words has all that every match has; most have not."""
        return not any(map(present.isdisjoint, self._needed))

    def match(self, words: Words, start: int, end: int | None = None) -> Match | None:
        """Match at token `start`; with `end`, only up to exactly there. The first alternative wins."""
        program, meetings, size = self._program, self._meetings, len(words.tokens)
        seen: set[tuple[int, int]] = set()
        stack: list[tuple[int, int, tuple[int, int, object] | None]] = [(0, start, None)]
        while stack:
            at, position, saved = stack.pop()
            while True:
                if at in meetings:
                    if (at, position) in seen:
                        break
                    seen.add((at, position))
                code, one, two, test = program[at]
                at += 1
                if code == "token":
                    if position == size or not test(words, position):
                        break
                    position += 1
                elif code == "split":
                    stack.append((two, position, saved))
                    at = one
                elif code == "save":
                    saved = (one, position, saved)
                elif code == "jump":
                    at = one
                elif code == "place":
                    if not test(words, position):
                        break
                elif end is None or position == end:
                    return Match(start, position, self._captures(saved))
                else:
                    break
        return None

    def matches_before(self, words: Words, end: int) -> bool:
        """Whether the pattern matches some tokens that end at token `end`."""
        first = max(0, end - self.longest)
        return any(self.match(words, start, end) for start in range(end - self.shortest, first - 1, -1))

    def _captures(self, saved: object) -> dict[str, tuple[int, int]]:
        slots: dict[int, int] = {}
        while isinstance(saved, tuple):
            slots.setdefault(saved[0], saved[1])
            saved = saved[2]
        groups = {str(slot // 2): (slots[slot], slots[slot + 1]) for slot in slots if slot % 2 == 0}
        return groups | {name: groups[str(n)] for name, n in self.names.items() if str(n) in groups}

    def _emit(self, node: Node) -> None:
        program = self._program
        if len(program) > _MAX_PROGRAM:
            raise PatternError("repeats within repeats make the pattern too large")
        if node.test:
            program.append((node.kind, 0, 0, node.test))
        elif node.kind == "all":
            for part in node.parts:
                self._emit(part)
        elif node.kind == "group":
            program.append(("save", 2 * node.number, 0, _never))
            self._emit(node.parts[0])
            program.append(("save", 2 * node.number + 1, 0, _never))
        elif node.kind == "repeat":
            for _ in range(node.low):
                self._emit(node.parts[0])
            splits = []
            for _ in range(node.high - node.low):
                splits.append(len(program))
                program.append(("split", len(program) + 1, 0, _never))
                self._emit(node.parts[0])
            for at in splits:
                program[at] = ("split", at + 1, len(program), _never)
        else:
            self._emit_alternatives(node.parts)

    def _emit_alternatives(self, branches: Sequence[Node]) -> None:
        program, jumps = self._program, []
        for branch in branches[:-1]:
            split = len(program)
            program.append(("split", split + 1, 0, _never))
            self._emit(branch)
            jumps.append(len(program))
            program.append(("jump", 0, 0, _never))
            program[split] = ("split", split + 1, len(program), _never)
        self._emit(branches[-1])
        for at in jumps:
            program[at] = ("jump", len(program), 0, _never)


def _never(words: Words, i: int) -> bool:
    """Stand for the test of an instruction that has none."""
    return False


def _measure(node: Node) -> tuple[int, int, list[Anchor]]:
    """Return the fewest and most tokens of a match, and the anchors it is sure to have."""
    if node.kind == "token":
        return 1, 1, [Anchor(node.words, 0, 0)] if node.words else []
    if node.kind == "place":
        return 0, 0, []
    measured = [_measure(part) for part in node.parts]
    if node.kind == "group":
        return measured[0]
    if node.kind == "repeat":
        shortest, longest, anchors = measured[0]
        return node.low * shortest, node.high * longest, anchors if node.low else []
    if node.kind == "any":
        best = [min(anchors, key=lambda anchor: anchor.cost, default=None) for _, _, anchors in measured]
        found = [anchor for anchor in best if anchor]
        joined = Anchor(
            frozenset().union(*(anchor.words for anchor in found)),
            min((anchor.first for anchor in found), default=0),
            max((anchor.last for anchor in found), default=0),
        )
        complete = [joined] if len(found) == len(best) else []
        return min(m[0] for m in measured), max(m[1] for m in measured), complete
    shortest = longest = 0
    anchors = []
    for low, high, inner in measured:
        anchors += [Anchor(a.words, a.first + shortest, a.last + longest) for a in inner]
        shortest, longest = shortest + low, longest + high
    return shortest, longest, anchors
