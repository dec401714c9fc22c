"""Token classes of the pattern language: what a single token, or a place between two tokens, can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mtfix.detect.article import indefinite_article
from mtfix.document import Token
from mtfix.names.lexicon import lexicon

_NOT_FORMS = """thing something anything nothing everything king ring spring string morning evening during
    wing being bring sing ceiling according regarding following sibling darling red bed need feed seed speed
    breed weed indeed hundred sacred shed sled bleed exceed proceed succeed embed united naked wicked"""
_REACH = 8  # tokens among which a word counts as repeated


class Words(NamedTuple):
    """The tokens of a sentence, the text they stand in, and their lower-case forms."""

    text: str
    tokens: Sequence[Token]
    lower: Sequence[str]


Test = Callable[[Words, int], bool]


def _cap(words: Words, i: int) -> bool:
    return words.tokens[i].text[0].isupper()


def _form(suffix: str) -> Test:
    exceptions = frozenset(_NOT_FORMS.split())

    def test(words: Words, i: int) -> bool:
        word = words.lower[i]
        return len(word) > len(suffix) + 2 and word.endswith(suffix) and word not in exceptions

    return test


def _spaced(words: Words, i: int) -> bool:
    """White space, or the start or end of the text."""
    return not _glued(words, i)


def _glued(words: Words, i: int) -> bool:
    """No white space: a sentence may end so when the text has none after it."""
    if i == 0 or not words.tokens:
        return False
    end = words.tokens[i - 1].end
    return not words.text[end : end + 1].isspace() and end < len(words.text)


def _start(words: Words, i: int) -> bool:
    return not any(token.text[0].isalnum() for token in words.tokens[:i])


#: Classes that take one token.
CLASSES: dict[str, Test] = {
    "ANY": lambda words, i: True,
    "WORD": lambda words, i: words.tokens[i].text[0].isalnum(),
    "PUNCT": lambda words, i: not words.tokens[i].text[0].isalnum(),
    "CAP": _cap,
    "LOWER": lambda words, i: words.tokens[i].text[0].islower(),
    "NUM": lambda words, i: words.tokens[i].text[0].isdigit(),
    "ING": _form("ing"),
    "ED": _form("ed"),
    "SAME": lambda words, i: i > 0 and words.lower[i] == words.lower[i - 1],
    "REPEATED": lambda words, i: words.lower[i] in words.lower[max(0, i - _REACH) : i],
    "QUOTE": lambda words, i: words.tokens[i].text in '"“”«»„',
    "ORDINARY": lambda words, i: lexicon().is_ordinary(words.lower[i]),
    "TAKES_A": lambda words, i: indefinite_article(words.tokens[i].text) == "a",
    "TAKES_AN": lambda words, i: indefinite_article(words.tokens[i].text) == "an",
}
#: Conditions on the place between two tokens.
PLACES: dict[str, Test] = {
    "START": _start,
    "END": lambda words, i: not any(token.text[0].isalnum() for token in words.tokens[i:]),
    "SPACE": _spaced,
    "GLUE": _glued,
}
