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
#: Letters that write one sound; capitals are sounds of two letters: X kh, G gh, D dh, T th, S sh, C ch.
_WRITTEN = {
    spelling: sound
    for sound, spellings in {
        "C": "tsch tch ch",
        "S": "sch sh",
        "X": "kh",
        "G": "gh",
        "D": "dh zh",
        "T": "th",
        "f": "ph",
        "j": "dzh dj dg",
        "k": "c ck cq cch q",
        "ks": "x",
        "u": "oo ou",
        "i": "ee ie ei ey ij iy",
        "e": "ay ai ae aee aie aei aey aij aiy",
        "o": "au aw aou aoo",
    }.items()
    for spelling in spellings.split()
}
_WRITTEN |= {f"{vowels}h": sound for vowels, sound in _WRITTEN.items() if sound in "uieo"}
_WRITTEN |= {f"{vowel}h": vowel for vowel in "aeiou"}
_SOUND = re.compile(
    "tsch|tch|cch|sch|[cskgdztp]h|dzh|dj|dg(?=[ei])|cq|ck(?!h)|[cqx]"
    "|(?:a(?:ee|ie|e[iy]|i[jy]|[yie]|o[ou]|u|w(?![aeiouy]))|o[ou]|[ei]e|e[iy]|i[jy])(?:h(?![aeiouy]))?"
    "|[aeiou]h(?![aeiouy])"
)
_SOFT_C = re.compile("c(?=[eiy])")
_CONSONANT_Y = re.compile("y(?=[aeiou])")
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
    heard = name if name.isascii() and name.isalpha() and name.islower() else fold(name)
    if "c" in heard:
        heard = _SOFT_C.sub("s", heard)
    heard = _SOUND.sub(_sound, heard)
    if "y" in heard:
        heard = _CONSONANT_Y.sub("Y", heard).replace("y", "i")
    return _once(heard)


def _sound(written: re.Match[str]) -> str:
    return _WRITTEN[written[0]]


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """Return the classes of the consonants alone: what all spellings worth comparing share."""
    return _once(sounds(name).translate(_BLOCK))


def _once(heard: str) -> str:
    """Return the letters, each once where it is written twice or more in a row."""
    if len(set(heard)) == len(heard):
        return heard
    return "".join([letter for before, letter in zip(f" {heard}", heard, strict=False) if letter != before])
