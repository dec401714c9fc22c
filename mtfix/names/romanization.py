"""What a name sounds like, whichever way it was romanized.

Arabic comes first (al-/el-, p/b, v/f, g/j/k/q, o/u, e/i/y, ou/oo, kh/gh/dh/th/sh, doubled consonants); the
classes also hold for Persian, Hebrew, Russian and pinyin with its older relatives.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

VOWELS = frozenset("aeiou")

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("ʹʺʻʼʽʾʿˈ", "")
)
_ARTICLE = re.compile(r"((?:al|el|ul|adh|ad|an|ar|ash|as|at|az)[-‐‑])(?=[^\W\d_])", re.IGNORECASE)
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
#: Sounds that are written for each other between romanizations.
_CONSONANT_CLASSES = ("bp", "fvw", "kgGj", "zD", "tT", "sS", "dD", "XC", "hX")
_VOWEL_CLASSES = ("ou", "ei")
_CLASS_COST = 0.25
_VOWEL_CLASS_COST = 0.15
_VOWEL_COST = 0.5
_BLOCK = str.maketrans("pvwgGjDTSCd", "bffkkkztsst", "aeiouYhX")


def split_article(token: str) -> tuple[str, str]:
    """Split "al-Name" into the article with its hyphen and the rest; the article is "" if there is none."""
    match = _ARTICLE.match(token)
    if match and token[match.end()].isupper():
        return token[: match.end()], token[match.end() :]
    return "", token


def unaccented(text: str) -> str:
    """Return the text in lower case without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in letters if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Return the letters alone: lower case, without accents, apostrophes, hyphens or spaces."""
    return _MARKS.sub("", unaccented(text))


@lru_cache(maxsize=65536)
def sounds(name: str) -> str:
    """Return one character a sound, doubled letters once."""
    heard = fold(name)
    for pattern, sound in _SOUNDS:
        heard = pattern.sub(sound, heard)
    return _DOUBLED.sub(r"\1", heard)


def key(name: str) -> str:
    """Return a key that spellings with the same consonants and the same kind of vowels share."""
    return sounds(name).translate(str.maketrans("opv", "ubf")).replace("e", "i")


def skeleton(name: str) -> str:
    """Return the classes of the consonants alone: what all spellings worth comparing share."""
    return _DOUBLED.sub(r"\1", sounds(name).translate(_BLOCK))


def substitution_cost(a: str, b: str) -> float:
    """Return 0 (same sound) to 1 (unrelated sounds) for writing `b` in place of `a`."""
    if a == b:
        return 0.0
    if a in VOWELS and b in VOWELS:
        return _VOWEL_CLASS_COST if any(a in c and b in c for c in _VOWEL_CLASSES) else _VOWEL_COST
    return _CLASS_COST if any(a in c and b in c for c in _CONSONANT_CLASSES) else 1.0


def insertion_cost(sound: str) -> float:
    """Return what a sound weighs that only one of two spellings has: vowels and h are often left out."""
    return _VOWEL_COST if sound in VOWELS or sound in "hY" else 1.0


def distance(a: str, b: str) -> float:
    """Return the edit distance of two names' sounds, with vowels light and related sounds near.

    The dynamic programme is that of Wagner and Fischer (1974).
    """
    first, second = sounds(a), sounds(b)
    row = [0.0]
    for sound in second:
        row.append(row[-1] + insertion_cost(sound))
    for one in first:
        above, row = row, [row[0] + insertion_cost(one)]
        for column, other in enumerate(second):
            row.append(
                min(
                    above[column] + substitution_cost(one, other),
                    above[column + 1] + insertion_cost(one),
                    row[column] + insertion_cost(other),
                )
            )
    return row[-1]
