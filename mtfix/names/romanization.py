"""What a name sounds like, whichever way it was romanized.

Arabic comes first (al-/el-, p/b, v/f, g/j/k/q, o/u, e/i/y, ou/oo, kh/gh/dh/th/sh, doubled consonants); the
classes also hold for Persian, Hebrew, Russian and pinyin with its older relatives.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("ʹʺʻʼʽʾʿˈ", "")
)
_ARTICLE = re.compile(r"((?:al|el|ul|adh|ad|an|ar|ash|as|at|az)[-‐‑]|[ae]l )(?=[^\W\d_])", re.IGNORECASE)
_MARKS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"(.)\1+")
#: Letters that write one sound; capitals are sounds of two letters: X kh, G gh, D dh, T th, S sh, C ch.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"tsch|tch", "C"),
        (r"sch|sh", "S"),
        (r"dzh|dj|dg(?=[ei])", "j"),
        (r"ch", "C"),
        (r"kh", "X"),
        (r"gh", "G"),
        (r"dh|zh", "D"),
        (r"th", "T"),
        (r"ph", "f"),
        (r"c[kq]|q|c(?![eiyC])", "k"),
        (r"c", "s"),
        (r"x", "ks"),
        (r"oo|ou", "u"),
        (r"ee|ie|ei|ey|ij|iy", "i"),
        (r"ay|ai|ae", "e"),
        (r"aw(?![aeiouy])|au", "o"),
        (r"(?<=[aeiou])h(?![aeiouy])", ""),
        (r"y(?=[aeiou])", "Y"),
        (r"y", "i"),
    )
)
#: Sounds that stand for each other between romanizations; vowels and weak sounds are dropped.
_BLOCK = str.maketrans("pvwgGjDTSCd", "bffkkkztsst", "aeiouYhX")


@lru_cache(maxsize=65536)
def split_article(token: str) -> tuple[str, str]:
    """Split "al-Name" or "Al Name" into the article with its hyphen or space and the rest; "" if there is none."""
    match = _ARTICLE.match(token)
    if match and token[match.end()].isupper():
        return token[: match.end()], token[match.end() :]
    return "", token


@lru_cache(maxsize=65536)
def unaccented(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in letters if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the letters alone: lower case, without accents, apostrophes, hyphens or spaces."""
    letters = unaccented(text)
    return letters if letters.isalnum() else _MARKS.sub("", letters)


@lru_cache(maxsize=65536)
def sounds(name: str) -> str:
    """Return one character a sound, doubled letters once."""
    heard = fold(name)
    for pattern, sound in _SOUNDS:
        heard = pattern.sub(sound, heard)
    return _DOUBLED.sub(r"\1", heard)


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """Return the classes of the consonants alone: what all spellings worth comparing share."""
    return _DOUBLED.sub(r"\1", sounds(name).translate(_BLOCK))
