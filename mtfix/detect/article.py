"""Which indefinite article a word takes, where that is certain."""

from __future__ import annotations

import re
from typing import Literal

_CONSONANT_SOUND = re.compile(r"eu|ew|one(?!r|i)|once|oui|uni(?![mn]|dent)|unanim|u[brst][aeiou]|utop|uku")
_VOWEL_U = re.compile(r"un|u[lpm]|ug[hl]|ur[bg]|us[hu]|utt")
_CONSONANT_H = re.compile(r"ha[nprv]|hig|hug|hu[mn]d|hea[dv]|hol|hop|hom(?!m)|hund")
_VOWEL_SOUND = re.compile(r"hour|honest|honou?r|heir")
_UNCERTAIN = """and or is are in on at as of if it its i am an all any after about above around along against
    away also aus et en el es il un una over out off up under upon into us our other another each either enough even
    every else ever only onto"""
_SHORT = "new big day man war car few low boy son law job map bad red key top leg"
_UNCERTAIN_WORDS, _SHORT_WORDS = frozenset(_UNCERTAIN.split()), frozenset(_SHORT.split())


def indefinite_article(word: str) -> Literal["a", "an"] | None:
    """Return the article that a lower-case English word takes, or None when that is not certain.

    Capitalized words, figures, abbreviations, function words and words that vary (historic, herb) give None.
    """
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word) or word in _UNCERTAIN_WORDS:
        return None
    if word[0] in "aeiou":
        if _CONSONANT_SOUND.match(word):
            return "a" if len(word) > 2 else None
        return "an" if len(word) > 3 and (word[0] != "u" or _VOWEL_U.match(word)) else None
    if _VOWEL_SOUND.match(word):
        return "an"
    if word[0] == "x" or (word[0] == "h" and not _CONSONANT_H.match(word)):
        return None
    if not re.match(r".{1,2}[aeiouy]", word):  # lower-case abbreviations, words from other languages
        return None
    return "a" if len(word) > 3 or word in _SHORT_WORDS else None
