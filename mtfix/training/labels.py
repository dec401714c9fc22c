"""(hypothesis, post-edit) → operations on the tokens of the hypothesis, for the one-pass edits of the tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from mtfix.document import Token, tokenize
from mtfix.regenerate.operations import DELETE, FUNCTION_WORDS, KEEP, NONE, OTHER, Operations, ending

_TOKEN_OPERATIONS, _INSERTIONS = 1200, 400
_LEAST = 6  # times an operation must be seen


class Labels(NamedTuple):
    """For each token of the hypothesis its operation; for each, and for the end, what is missing before it."""

    tokens: list[Token]
    token: list[str]
    gap: list[str]

    @property
    def changed(self) -> float:
        """The share of tokens that are not kept."""
        return sum(operation != KEEP for operation in self.token) / max(1, len(self.token))


def label(hypothesis: str, post_edit: str) -> Labels:
    """Align two sentences and name what turns the one into the other, token by token."""
    tokens = tokenize(hypothesis)
    return Labels(tokens, *aligned([t.text for t in tokens], [t.text for t in tokenize(post_edit)]))


def aligned(source: Sequence[str], target: Sequence[str]) -> tuple[list[str], list[str]]:
    """Name what turns one list of tokens into another: the operation of each, and what is missing before each."""
    names, gaps = [KEEP] * len(source), [NONE] * (len(source) + 1)
    for a, b, c, d in _blocks(source, target):
        place = a
        for i, j in _aligned(source[a:b], target[c:d]):
            if i is None and j is not None:
                word = target[c + j].lower() if c + j == 0 and not target[c + j].isupper() else target[c + j]
                gaps[place] = word if gaps[place] == NONE else f"{gaps[place]} {word}"
            elif i is not None:
                place = a + i + 1
                names[a + i] = DELETE if j is None else _substitution(source[a + i], target[c + j], c + j == 0)
    return names, gaps


def count_operations(labels: Iterable[tuple[Sequence[str | None], Sequence[str | None]]]) -> Operations:
    """Return the operations of tokens and of gaps that are frequent enough to be learned, the most frequent first."""
    token: Counter[str] = Counter()
    gap: Counter[str] = Counter()
    for tokens, gaps in labels:
        token.update(name for name in tokens if name)
        gap.update(name for name in gaps if name)
    return Operations(
        (KEEP, DELETE, OTHER, *_frequent(token, {KEEP, DELETE, OTHER}, _TOKEN_OPERATIONS)),
        (NONE, OTHER, *_frequent(gap, {NONE, OTHER}, _INSERTIONS)),
    )


def _frequent(counts: Counter[str], known: set[str], most: int) -> list[str]:
    chosen = [(name, count) for name, count in counts.items() if count >= _LEAST and name not in known]
    return [name for name, _ in sorted(chosen, key=lambda item: (-item[1], item[0]))[:most]]


def _blocks(source: Sequence[str], target: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges that differ, adjacent ones as one."""
    last: list[int] = []
    for operation in Levenshtein.opcodes(source, target):
        if operation.tag == "equal":
            continue
        a, b, c, d = operation.src_start, operation.src_end, operation.dest_start, operation.dest_end
        if last and last[1] == a and last[3] == c:
            last[1], last[3] = b, d
        else:
            if last:
                yield last[0], last[1], last[2], last[3]
            last = [a, b, c, d]
    if last:
        yield last[0], last[1], last[2], last[3]


def _aligned(source: Sequence[str], target: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Pair the tokens of a block so that like stands with like; None where one side has nothing."""
    rows, columns = len(source), len(target)
    cost = [[float(i + j) for j in range(columns + 1)] for i in range(rows + 1)]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            cost[i][j] = min(
                cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + _unlike(source[i - 1], target[j - 1])
            )
    pairs: list[tuple[int | None, int | None]] = []
    i, j = rows, columns
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _unlike(source[i - 1], target[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and cost[i][j] == cost[i - 1][j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def _unlike(a: str, b: str) -> float:
    """Return the cost of taking one token for the other; two is that of deleting the one and inserting the other."""
    low, other = a.lower(), b.lower()
    if low == other:
        return 0.0 if a == b else 0.1
    if a[0].isalnum() != b[0].isalnum():
        return 2.5
    if ending(low, other):
        return 0.3
    if (low in FUNCTION_WORDS) != (other in FUNCTION_WORDS):
        return 1.8
    return 0.8 if low in FUNCTION_WORDS or not a[0].isalnum() else 1.1


def _substitution(word: str, target: str, first: bool) -> str:
    if word == target:
        return KEEP
    if word.lower() == target.lower():
        if target.islower():
            return "lower"
        return "upper" if target.isupper() and len(target) > 1 else "title" if word[1:] == target[1:] else OTHER
    plain = target.lower() if (first or word[:1].isupper()) and not target[1:].isupper() else target
    if first and word[:1].isupper() and target[:1].isupper() and (change := ending(word, target)):
        return change
    change = ending(word, target)
    if change and plain.lower() not in FUNCTION_WORDS:
        return change
    return "=" + plain
