"""The pattern language: from the text of a pattern to a tree of token tests.

What a linguist writes is documented at the top of `mtfix/rules/general.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtfix.detect.tokenclass import CLASSES, PLACES, Test
from mtfix.document import lower

_LEX = re.compile(
    r"""\s+
    | (?P<open>(?P<negated>!)?(?:(?P<name>[a-z_]+):)?\()
    | (?P<bar>\|) | (?P<close>\))
    | (?P<and>&) | (?P<optional>\?) | \{(?P<low>\d+),(?P<high>\d+)\}
    | (?P<not>!)?(?:@(?P<list>\w+)(?P<possessive>'s)? | (?P<exact>=)?(?P<word>(?:\\.|[^\s()|?{}&\\])+))""",
    re.VERBOSE,
)
_MAX_REPEAT = 40


class PatternError(ValueError):
    """A pattern cannot be read."""


@dataclass(frozen=True, slots=True)
class Node:
    """kind: token, place, all (in sequence), any (alternatives), repeat, group."""

    kind: str
    parts: tuple[Node, ...] = ()
    test: Test | None = None
    words: frozenset[str] | None = None
    low: int = 0
    high: int = 0
    number: int = 0


class Reader:
    """Reads one pattern: `root` is its tree, `groups` the number of its groups, `names` the numbers of the named.

    Raises PatternError when the text cannot be read.
    """

    def __init__(self, text: str, lists: Mapping[str, Sequence[str]]) -> None:
        self.names: dict[str, int] = {}
        self.groups = 0
        self._lists = lists
        self._lexemes = _lexemes(text)
        self.root = self._alternatives()
        if self._lexemes:
            raise PatternError(f"unexpected {self._lexemes[0].group()!r}")

    def _alternatives(self) -> Node:
        branches = [self._sequence()]
        while self._lexemes and self._lexemes[0]["bar"]:
            self._lexemes.pop(0)
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        tests = [_single(branch) for branch in branches]
        keys = [branch.parts[0].words for branch in branches]
        if all(tests) and all(keys):
            return Node("token", test=_any_of(tests, keys), words=frozenset().union(*(k for k in keys if k)))
        return Node("any", tuple(branches))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._lexemes and not (self._lexemes[0]["bar"] or self._lexemes[0]["close"]):
            found = self._lexemes.pop(0)
            if found["optional"] or found["low"]:
                low, high = (0, 1) if found["optional"] else (int(found["low"]), int(found["high"]))
                if not parts:
                    raise PatternError(f"{found.group()!r} stands after nothing")
                if not low <= high <= _MAX_REPEAT:
                    raise PatternError(f"{found.group()!r}: from low to high, at most {_MAX_REPEAT}")
                parts.append(Node("repeat", (parts.pop(),), low=low, high=high))
            elif found["open"]:
                parts.append(self._group(found))
            elif found["and"]:
                parts.append(self._both(parts.pop() if parts else None))
            else:
                parts.append(self._atom(found))
        if all(part.kind == "repeat" and not part.low for part in parts):
            raise PatternError("a pattern or alternative that may be empty")
        return Node("all", tuple(parts))

    def _group(self, opening: re.Match[str]) -> Node:
        self.groups += not opening["negated"]
        number = self.groups
        if opening["name"]:
            self.names[opening["name"]] = number
        inner = self._alternatives()
        if not self._lexemes or not self._lexemes.pop(0)["close"]:
            raise PatternError("a parenthesis is not closed")
        if not opening["negated"]:
            return Node("group", (inner,), number=number)
        tests = [_single(branch) for branch in _branches(inner)]
        if not all(tests):
            raise PatternError("!( ) holds alternatives of one token each")
        return Node("token", test=lambda words, i: not any(test and test(words, i) for test in tests))

    def _both(self, left: Node | None) -> Node:
        right = self._atom(self._lexemes.pop(0)) if self._lexemes and self._is_atom() else None
        if not (left and right and left.kind == right.kind == "token" and left.test and right.test):
            raise PatternError("& stands between two tests of one token")
        one, two = left.test, right.test
        return Node("token", test=lambda words, i: one(words, i) and two(words, i), words=left.words or right.words)

    def _is_atom(self) -> bool:
        return bool(self._lexemes[0]["list"] or self._lexemes[0]["word"])

    def _atom(self, found: re.Match[str]) -> Node:
        if found["list"]:
            node = self._word_list(found["list"], found["possessive"] or "")
        else:
            word = re.sub(r"\\(.)", r"\1", found["word"])
            if not found["exact"] and word in PLACES:
                return Node("place", test=_negate(PLACES[word]) if found["not"] else PLACES[word])
            if len(word) > 1 and ":" in found["word"]:
                raise PatternError(f"{word!r}: a group with a name is written name:( )")
            node = _literal(word, bool(found["exact"]), found["word"])
        if not found["not"]:
            return node
        if node.test is None:
            raise PatternError(f"{found.group()!r}: ! stands before one token")
        return Node("token", test=_negate(node.test))

    def _word_list(self, name: str, ending: str) -> Node:
        if name not in self._lists:
            raise PatternError(f"no list is called {name!r}; known are: {', '.join(sorted(self._lists))}")
        entries = [(entry + ending).split() for entry in self._lists[name]]
        insensitive = frozenset(e[0] for e in entries if len(e) == 1 and e[0] == e[0].lower())
        exact = frozenset(e[0] for e in entries if len(e) == 1 and e[0] not in insensitive)
        branches = [Node("all", tuple(_literal(w, False, w) for w in entry)) for entry in entries if len(entry) > 1]
        if insensitive or exact:
            keys = insensitive | {word.lower() for word in exact}
            branches.append(
                Node(
                    "token",
                    test=lambda words, i: words.lower[i] in insensitive or words.tokens[i].text in exact,
                    words=keys,
                )
            )
        return branches[0] if len(branches) == 1 else Node("any", tuple(branches))


def _lexemes(text: str) -> list[re.Match[str]]:
    lexemes, position = [], 0
    while position < len(text):
        found = _LEX.match(text, position)
        if not found:
            raise PatternError(f"cannot read {text[position:]!r}")
        if found.group().strip():
            lexemes.append(found)
        position = found.end()
    return lexemes


def _literal(word: str, exact: bool, written: str) -> Node:
    if not exact and word in CLASSES:
        return Node("token", test=CLASSES[word])
    if len(word) > 1 and written.startswith("*"):
        suffix = word[1:]
        return Node("token", test=lambda words, i: words.lower[i].endswith(suffix))
    if len(word) > 1 and written.endswith("*") and not written.endswith("\\*"):
        prefix = word[:-1]
        return Node("token", test=lambda words, i: words.lower[i].startswith(prefix))
    if exact or word != word.lower():
        return Node("token", test=lambda words, i: words.tokens[i].text == word, words=frozenset({lower(word)}))
    return Node("token", test=lambda words, i: words.lower[i] == word, words=frozenset({word}))


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


def _branches(node: Node) -> tuple[Node, ...]:
    return node.parts if node.kind == "any" else (node,)


def _single(node: Node) -> Test | None:
    """Return the test of a node that is just one token."""
    while node.kind == "all" and len(node.parts) == 1:
        node = node.parts[0]
    return node.test if node.kind == "token" else None
