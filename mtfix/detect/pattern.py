"""Patterns over the tokens of one sentence: a small language, compiled once, matched in linear time.

The syntax is documented at the top of `mtfix/rules/general.yaml`. A pattern becomes a program for a
backtracking machine that visits each (instruction, position) at most once (Cox 2010, "Regular expression
matching in the wild"), so no sentence can make it slow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtfix.detect.tokenclass import CLASSES, PLACES, Test, Words, lower

_LEX = re.compile(
    r"""\s+
    | (?P<open>(?P<negated>!)?(?:(?P<name>[a-z_]+):)?\()
    | (?P<bar>\|) | (?P<close>\))
    | (?P<and>&) | (?P<optional>\?) | \{(?P<low>\d+),(?P<high>\d+)\}
    | (?P<not>!)?(?:@(?P<list>\w+) | (?P<exact>=)?(?P<word>(?:\\.|[^\s()|?{}&\\])+))""",
    re.VERBOSE,
)
_MAX_REPEAT = 40
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


class PatternError(ValueError):
    """A pattern cannot be read."""


@dataclass(frozen=True, slots=True)
class _Node:
    """kind: token, place, all (in sequence), any (alternatives), repeat, group."""

    kind: str
    parts: tuple[_Node, ...] = ()
    test: Test | None = None
    words: frozenset[str] | None = None
    low: int = 0
    high: int = 0
    number: int = 0


class Pattern:
    """A compiled pattern; `lists` are the word lists it may refer to.

    Raises PatternError when the text cannot be read.
    """

    def __init__(self, text: str, lists: Mapping[str, Sequence[str]] | None = None) -> None:
        self.text = text
        self.names: dict[str, int] = {}
        self.groups = 0
        self._lists = lists or {}
        self._lexemes = self._lex(text)
        root = self._alternatives()
        if self._lexemes:
            raise PatternError(f"unexpected {self._lexemes[0].group()!r}")
        self._program: list[tuple[str, int, int, Test | None]] = []
        self._emit(root)
        self._program.append(("end", 0, 0, None))
        self.shortest, self.longest, anchors = _measure(root)
        self.anchor = min(anchors, key=lambda anchor: anchor.cost, default=None)

    def match(self, words: Words, start: int, end: int | None = None) -> Match | None:
        """Match at token `start`; with `end`, only up to exactly there. The first alternative wins."""
        size = len(words.tokens)
        seen: set[tuple[int, int]] = set()
        stack: list[tuple[int, int, tuple[int, int, object] | None]] = [(0, start, None)]
        while stack:
            at, position, saved = stack.pop()
            while (at, position) not in seen:
                seen.add((at, position))
                code, one, two, test = self._program[at]
                at += 1
                if code == "token":
                    if position == size or not (test and test(words, position)):
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
                    if not (test and test(words, position)):
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

    # -- reading -------------------------------------------------------------------------------------------

    def _lex(self, text: str) -> list[re.Match[str]]:
        lexemes, position = [], 0
        while position < len(text):
            found = _LEX.match(text, position)
            if not found:
                raise PatternError(f"cannot read {text[position:]!r}")
            if found.group().strip():
                lexemes.append(found)
            position = found.end()
        return lexemes

    def _alternatives(self) -> _Node:
        branches = [self._sequence()]
        while self._lexemes and self._lexemes[0]["bar"]:
            self._lexemes.pop(0)
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        tests = [_single(branch) for branch in branches]
        keys = [branch.parts[0].words for branch in branches]
        if all(tests) and all(keys):
            return _Node("token", test=_any_of(tests, keys), words=frozenset().union(*(k for k in keys if k)))
        return _Node("any", tuple(branches))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._lexemes and not (self._lexemes[0]["bar"] or self._lexemes[0]["close"]):
            found = self._lexemes.pop(0)
            if found["optional"] or found["low"]:
                low, high = (0, 1) if found["optional"] else (int(found["low"]), int(found["high"]))
                if not parts:
                    raise PatternError(f"{found.group()!r} stands after nothing")
                if not low <= high <= _MAX_REPEAT:
                    raise PatternError(f"{found.group()!r}: from low to high, at most {_MAX_REPEAT}")
                parts.append(_Node("repeat", (parts.pop(),), low=low, high=high))
            elif found["open"]:
                parts.append(self._group(found))
            elif found["and"]:
                parts.append(self._both(parts.pop() if parts else None))
            else:
                parts.append(self._atom(found))
        if all(part.kind == "repeat" and not part.low for part in parts):
            raise PatternError("a pattern or alternative that may be empty")
        return _Node("all", tuple(parts))

    def _group(self, opening: re.Match[str]) -> _Node:
        self.groups += not opening["negated"]
        number = self.groups
        if opening["name"]:
            self.names[opening["name"]] = number
        inner = self._alternatives()
        if not self._lexemes or not self._lexemes.pop(0)["close"]:
            raise PatternError("a parenthesis is not closed")
        if not opening["negated"]:
            return _Node("group", (inner,), number=number)
        tests = [_single(branch) for branch in _branches(inner)]
        if not all(tests):
            raise PatternError("!( ) holds alternatives of one token each")
        return _Node("token", test=lambda words, i: not any(test and test(words, i) for test in tests))

    def _both(self, left: _Node | None) -> _Node:
        right = self._atom(self._lexemes.pop(0)) if self._lexemes and self._is_atom() else None
        if not (left and right and left.kind == right.kind == "token" and left.test and right.test):
            raise PatternError("& stands between two tests of one token")
        one, two = left.test, right.test
        return _Node("token", test=lambda words, i: one(words, i) and two(words, i), words=left.words or right.words)

    def _is_atom(self) -> bool:
        return bool(self._lexemes[0]["list"] or self._lexemes[0]["word"])

    def _atom(self, found: re.Match[str]) -> _Node:
        if found["list"]:
            node = self._word_list(found["list"])
        else:
            word = re.sub(r"\\(.)", r"\1", found["word"])
            if not found["exact"] and word in PLACES:
                return _Node("place", test=_negate(PLACES[word]) if found["not"] else PLACES[word])
            if len(word) > 1 and ":" in found["word"]:
                raise PatternError(f"{word!r}: a group with a name is written name:( )")
            node = _literal(word, bool(found["exact"]), found["word"])
        if not found["not"]:
            return node
        if node.test is None:
            raise PatternError(f"{found.group()!r}: ! stands before one token")
        return _Node("token", test=_negate(node.test))

    def _word_list(self, name: str) -> _Node:
        if name not in self._lists:
            raise PatternError(f"no list is called {name!r}; known are: {', '.join(sorted(self._lists))}")
        entries = [entry.split() for entry in self._lists[name]]
        insensitive = frozenset(e[0] for e in entries if len(e) == 1 and e[0] == e[0].lower())
        exact = frozenset(e[0] for e in entries if len(e) == 1 and e[0] not in insensitive)
        branches = [_Node("all", tuple(_literal(w, False, w) for w in entry)) for entry in entries if len(entry) > 1]
        if insensitive or exact:
            keys = insensitive | {word.lower() for word in exact}
            branches.append(
                _Node(
                    "token",
                    test=lambda words, i: words.lower[i] in insensitive or words.tokens[i].text in exact,
                    words=keys,
                )
            )
        return branches[0] if len(branches) == 1 else _Node("any", tuple(branches))

    def _emit(self, node: _Node) -> None:
        program = self._program
        if node.kind in ("token", "place"):
            program.append((node.kind, 0, 0, node.test))
        elif node.kind == "all":
            for part in node.parts:
                self._emit(part)
        elif node.kind == "group":
            program.append(("save", 2 * node.number, 0, None))
            self._emit(node.parts[0])
            program.append(("save", 2 * node.number + 1, 0, None))
        elif node.kind == "repeat":
            for _ in range(node.low):
                self._emit(node.parts[0])
            splits = []
            for _ in range(node.high - node.low):
                splits.append(len(program))
                program.append(("split", len(program) + 1, 0, None))
                self._emit(node.parts[0])
            for at in splits:
                program[at] = ("split", at + 1, len(program), None)
        else:
            self._emit_alternatives(node.parts)

    def _emit_alternatives(self, branches: Sequence[_Node]) -> None:
        program, jumps = self._program, []
        for branch in branches[:-1]:
            split = len(program)
            program.append(("split", split + 1, 0, None))
            self._emit(branch)
            jumps.append(len(program))
            program.append(("jump", 0, 0, None))
            program[split] = ("split", split + 1, len(program), None)
        self._emit(branches[-1])
        for at in jumps:
            program[at] = ("jump", len(program), 0, None)


def _literal(word: str, exact: bool, written: str) -> _Node:
    if not exact and word in CLASSES:
        return _Node("token", test=CLASSES[word])
    if len(word) > 1 and written.startswith("*"):
        suffix = word[1:]
        return _Node("token", test=lambda words, i: words.lower[i].endswith(suffix))
    if len(word) > 1 and written.endswith("*") and not written.endswith("\\*"):
        prefix = word[:-1]
        return _Node("token", test=lambda words, i: words.lower[i].startswith(prefix))
    if exact or word != word.lower():
        return _Node("token", test=lambda words, i: words.tokens[i].text == word, words=frozenset({lower(word)}))
    return _Node("token", test=lambda words, i: words.lower[i] == word, words=frozenset({word}))


def _any_of(tests: Sequence[Test | None], keys: Sequence[frozenset[str] | None]) -> Test:
    """Return a test for alternatives of one word each: a look-up, then only the words it may be."""
    table: dict[str, list[Test]] = {}
    for test, words in zip(tests, keys, strict=True):
        for word in words or ():
            if test:
                table.setdefault(word, []).append(test)
    return lambda words, i: any(test(words, i) for test in table.get(words.lower[i], ()))


def _negate(test: Test) -> Test:
    return lambda words, i: not test(words, i)


def _branches(node: _Node) -> tuple[_Node, ...]:
    return node.parts if node.kind == "any" else (node,)


def _single(node: _Node) -> Test | None:
    """Return the test of a node that is just one token."""
    while node.kind == "all" and len(node.parts) == 1:
        node = node.parts[0]
    return node.test if node.kind == "token" else None


def _measure(node: _Node) -> tuple[int, int, list[Anchor]]:
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
