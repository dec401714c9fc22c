"""The one-pass edits of the tagger: an operation on each token, and what to insert before it.

After GECToR (Omelianchuk et al., 2020), with operations learned from pairs instead of a grammar: replace a token by
a frequent word, change its ending, change its case, delete it; insert a frequent word or two before it.

    keep  delete  other  lower  title  upper  =word  -s+ed  ~      (of a token; "other": wrong, but none of these)
    none  other  of the                                            (before a token)
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mtfix.document import Token

OPERATIONS = "operations.json"
KEEP, DELETE, OTHER = "keep", "delete", "other"
NONE = "none"
FUNCTION_WORDS = frozenset(
    "a an the of in on at to for from by with about into over under during through between against among after "
    "before until since within and or but that which who whom this these those it its is was are were be been being "
    "has have had as than so such not he she they his her their him them i we you our".split()
)
_CASES = {"lower": str.lower, "upper": str.upper}
_ATTACHED = frozenset(",.;:!?)]}%”’")
_OPENING = frozenset("([{“‘$")
_OUR = re.compile(r"(?<=\w\w)our(?=s?$)")
_ENDING = re.compile(r"-([^+]*)\+([^+]*)")


@dataclass(frozen=True)
class Operations:
    """The closed lists: operations on a token, insertions before one; the index is the network's output."""

    token: tuple[str, ...]
    gap: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path) -> Operations:
        """Read the lists of a model folder."""
        stored = json.loads((folder / OPERATIONS).read_text(encoding="utf-8"))
        return cls(tuple(stored["token"]), tuple(stored["gap"]))

    def save(self, folder: Path) -> None:
        """Write the lists into a model folder."""
        text = json.dumps({"token": self.token, "gap": self.gap}, indent=0, ensure_ascii=False)
        (folder / OPERATIONS).write_text(text + "\n", encoding="utf-8")


class Change(NamedTuple):
    """An operation on the token at `place`, or an insertion before it; probability: of it, keep: of none."""

    place: int
    name: str
    inserts: bool
    probability: float
    keep: float


def perform(operation: str, word: str) -> str | None:
    """Return the word after an operation ("" when it is deleted), or None when it does not apply to the word."""
    if operation == KEEP:
        return word
    if operation == DELETE:
        return ""
    if operation == OTHER:
        return None
    if operation in _CASES:
        return _CASES[operation](word)
    if operation == "title":
        return word[:1].upper() + word[1:]
    if operation.startswith("="):
        new = operation[1:]
        return new[:1].upper() + new[1:] if word[:1].isupper() and word != "I" and new.islower() else new
    ending = _ENDING.fullmatch(operation)
    if ending is None or not word.endswith(ending[1]) or len(word) - len(ending[1]) < 2:
        return None
    return word[: len(word) - len(ending[1])] + ending[2]


def is_spelling_variant(word: str, other: str) -> bool:
    """Whether two words differ only as British and American spelling do: organised, organized; colour, color."""
    return _american(word) == _american(other)


def _american(word: str) -> str:
    return _OUR.sub("or", word.replace("z", "s"))


def is_content(token: str) -> bool:
    """Whether a token is a word that says something: no function word, no punctuation."""
    return token[:1].isalnum() and token.lower() not in FUNCTION_WORDS


def ending(word: str, target: str) -> str | None:
    """Return the operation that turns one inflected form into the other, or None when they share too little."""
    shared = 0
    while shared < min(len(word), len(target)) and word[shared] == target[shared]:
        shared += 1
    if shared < 2 or shared * 2 < len(word) or max(len(word), len(target)) - shared > 4:
        return None
    return f"-{word[shared:]}+{target[shared:]}"


def joined(text: str, tokens: Sequence[Token], new: Sequence[str], before: Sequence[str]) -> str:
    """Return the text from the first token to the last with new tokens ("": deleted), and insertions before them.

    Spaces stay as the text has them; what is inserted gets one on either side, punctuation as English sets it.
    """
    out = ""
    gone: str | None = None  # the space before the first of the tokens just deleted
    for position, (token, word, insertion) in enumerate(zip(tokens, new, before, strict=True)):
        space = text[tokens[position - 1].end : token.start] if position else ""
        if gone is not None:
            space = "" if out[-1:] in _OPENING and not gone else space or ("" if word[:1] in _ATTACHED else gone)
        if insertion:
            bare = not out or insertion[0] in _ATTACHED or out[-1] in _OPENING
            out += insertion if bare else (space or " ") + insertion
            space, gone = "" if insertion[-1] in _OPENING or word[:1] in _ATTACHED else " ", None
        if not word:
            gone = space if gone is None else gone
            continue
        out += (space if out else "") + word
        gone = None
    return out
