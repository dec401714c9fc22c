"""Whether a text is English at all: a cautious look at its letters and its most frequent words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import yaml

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = 20_000  # characters looked at
_WORDS = 12  # in shorter texts words prove nothing
_FEW, _MANY = 0.08, 0.15  # shares of running words
_DIFFERENT = 3  # function words of another language


def not_english(text: str) -> str | None:
    """Return why a text is certainly not English, None when it may be.

    Most of its letters belong to another script, or the function words of another language abound in it and those of
    English are missing (after Ingle 1976, "A language identification table").
    """
    words = _WORD.findall(text[:_LETTERS].lower())
    letters = sum(map(len, words))
    latin = sum(len(word) if word.isascii() else sum(map(_is_latin, word)) for word in words)
    if 2 * latin < letters:
        return "not English: most of its letters aren't Latin"
    if len(words) < _WORDS:
        return None
    languages = dict(_languages())
    english = sum(word in languages["english"] for word in words) / len(words)
    if english > _FEW:
        return None
    shares = {name: sum(word in known for word in words) / len(words) for name, known in languages.items()}
    likeliest = max(shares, key=lambda name: shares[name])
    found = languages[likeliest].intersection(words)
    if len(found) >= _DIFFERENT and shares[likeliest] >= _MANY and shares[likeliest] > 3 * english:
        return f"not English: it looks {likeliest.capitalize()}"
    return None


@lru_cache(maxsize=1)
def _languages() -> tuple[tuple[str, frozenset[str]], ...]:
    data = yaml.safe_load(files("mtfix.batch").joinpath("languages.yaml").read_text(encoding="utf-8"))
    return tuple((name, frozenset(words.split())) for name, words in data.items())


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
