"""Tense: a verb of saying in the present where the text reports in the past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.document import Document, Token
from mtfix.result import Issue

_REPORTING = Path(__file__).parent.parent / "rules" / "_reporting.yaml"
_FEWEST_PAST = 4
_PRESENT_TO_PAST = 1 / 4
_CLOSING = ('"', "”", "»")
_SAID = ("that", ":", '"', "“")
_PRONOUNS = ("he", "she")


class _Verbs(NamedTuple):
    past_of: dict[str, str]
    past: frozenset[str]
    speakers: frozenset[str]


def tense(document: Document) -> Iterator[Issue]:
    """Yield the first verb of saying in the present ("Brown adds") in a text whose people otherwise "said" things.

    A verb counts when its subject is a name, a pronoun or somebody who speaks for others, outside quotations.
    """
    if _verbs().past_of.keys().isdisjoint(document.places):
        return
    past: list[Token] = []
    present: list[Token] = []
    for sentence in document.sentences:
        for verb in _reporting(sentence.tokens):
            if not (document.is_quoted(*verb[:2]) or document.is_protected(*verb[:2])):
                (past if verb.text in _verbs().past else present).append(verb)
    if present and len(past) >= max(_FEWEST_PAST, len(present) / _PRESENT_TO_PAST):
        token = present[0]
        suggestion = _verbs().past_of[token.text]
        message = (
            f"‘{token.text}’ stands among {len(past)} verbs of saying in the past; keep to one tense when reporting."
        )
        yield Issue(*token, "inconsistent-style", "minor", 0.6, message, "tense:reporting", (suggestion,))


def _reporting(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield verbs of saying: between who speaks and what is said, or between a quotation and a name."""
    verbs = _verbs()
    for i, token in enumerate(tokens):
        if token.text not in verbs.past_of and token.text not in verbs.past:
            continue
        earlier, before = (tokens[j].text if j >= 0 else "" for j in (i - 2, i - 1))
        after = tokens[i + 1].text if i + 1 < len(tokens) else "."
        subject = before.lower() in verbs.speakers or (before[:1].isupper() and i > 1)
        said = after in _SAID or (after == "," and before.lower() in _PRONOUNS) or earlier in _CLOSING
        if (subject and said) or (before in _CLOSING and after[0].isupper()):
            yield token


@cache
def _verbs() -> _Verbs:
    lists = yaml.safe_load(_REPORTING.read_text(encoding="utf-8"))
    return _Verbs(lists["verbs"], frozenset(lists["verbs"].values()), frozenset(lists["speakers"].split()))
