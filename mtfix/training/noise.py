"""Clean English → English with the errors that machine translation makes, after PATTERNS of seven languages.

Every kind of error is a small function on the words of a sentence; `noise` draws among them. The words of a
sentence are its white-space parts, so that punctuation stays with its word.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Words = list[str]
Confusions = Mapping[str, Sequence[str]]

_ARTICLES = ("a", "an", "the")
_SETS = (
    ("of", "in", "on", "at", "to", "for", "from", "by", "with", "about", "into", "over", "under", "during"),
    ("through", "between", "against", "among", "after", "before", "until", "since", "towards", "within"),
    ("is", "was", "are", "were", "be", "been", "being"),
    ("has", "have", "had", "having"),
    ("do", "does", "did", "done"),
    ("he", "she", "it", "they"),
    ("his", "her", "its", "their"),
    ("who", "which", "that", "what"),
    ("will", "would", "can", "could", "may", "might", "should", "must"),
    ("this", "that", "these", "those"),
    ("many", "much", "several", "some", "few"),
    ("and", "but", "or", "while", "as"),
    ("said", "confirmed", "affirmed", "indicated", "explained", "pointed out", "considered"),
    ("make", "do", "carry out", "realise"),
    ("big", "great", "large", "grand"),
    ("very", "much", "so", "strongly"),
    ("such", "so", "like", "as"),
)
_CLOSED: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in group if other != word) for group in _SETS for word in group
}
_PREPOSITIONS = _SETS[0] + _SETS[1]
_NUMBER = {
    singular: plural
    for pair in (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"))
    for singular, plural in (pair, pair[::-1])
}
_DOUBLED = ("from", "in", "by", "from During", "from through", "in at", "to for", "of from")
_CORE = re.compile(r"^([\"“‘(\[]*)([A-Za-z][A-Za-z'’-]*)([^A-Za-z]*)$")


def noise(text: str, rng: random.Random, confusions: Confusions, rate: float = 0.12) -> str:
    """Return the sentence with about `rate` errors a word (at least one), drawn with `rng`.

    `confusions` maps a lower-case word to words that stand near it in meaning and do not fit in its place.
    """
    words = text.split()
    for _ in range(max(1, round(len(words) * rate * rng.uniform(0.3, 1.7)))):
        kind = rng.choices(_KINDS, _WEIGHTS)[0]
        if len(words) > 3:
            kind(words, rng, confusions)
    return " ".join(words)


def _core(word: str) -> tuple[str, str, str] | None:
    match = _CORE.match(word)
    return (match[1], match[2], match[3]) if match else None


def _replace(words: Words, position: int, core: str) -> None:
    parts = _core(words[position])
    if parts:
        before, old, after = parts
        words[position] = before + (core[:1].upper() + core[1:] if old[0].isupper() else core) + after


def _pick(words: Words, rng: random.Random, accept: Callable[[str], bool]) -> int | None:
    found = [i for i, word in enumerate(words) if (parts := _core(word)) and accept(parts[1].lower())]
    return rng.choice(found) if found else None


def _drop_article(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _ARTICLES.__contains__)
    if position is not None:
        del words[position]


def _add_article(words: Words, rng: random.Random, _: Confusions) -> None:
    words.insert(rng.randrange(1, len(words)), rng.choice(("the", "the", "a")))


def _swap_article(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _ARTICLES.__contains__)
    if position is not None:
        _replace(words, position, rng.choice(_ARTICLES))


def _closed_class(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _CLOSED.__contains__)
    if position is not None and (parts := _core(words[position])):
        _replace(words, position, rng.choice(_CLOSED[parts[1].lower()]))


def _drop_function_word(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _CLOSED.__contains__)
    if position is not None:
        del words[position]


def _add_preposition(words: Words, rng: random.Random, _: Confusions) -> None:
    words.insert(rng.randrange(1, len(words)), rng.choice(_PREPOSITIONS))


def _double_preposition(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _PREPOSITIONS.__contains__)
    if position is not None:
        if rng.random() < 0.3:
            words[position] = words[position].capitalize()
        words.insert(position, rng.choice(_DOUBLED))


def _swap_preposition(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _PREPOSITIONS.__contains__)
    if position is not None and (parts := _core(words[position])):
        _replace(words, position, rng.choice(_CLOSED[parts[1].lower()]))


def _agreement(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, _NUMBER.__contains__)
    if position is not None and (parts := _core(words[position])):
        _replace(words, position, _NUMBER[parts[1].lower()])


def _double_word(words: Words, rng: random.Random, _: Confusions) -> None:
    position = rng.randrange(len(words))
    words.insert(position, words[position])


def _double_phrase(words: Words, rng: random.Random, _: Confusions) -> None:
    """Say a phrase again, as decoders that loop do."""
    length = rng.randint(2, 4)
    start = rng.randrange(max(1, len(words) - length))
    words[start:start] = words[start : start + length] * rng.choice((1, 1, 2))


def _drop_word(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, lambda word: not word[0].isupper())
    if position is not None:
        del words[position]


def _swap_words(words: Words, rng: random.Random, _: Confusions) -> None:
    position = rng.randrange(len(words) - 1)
    words[position], words[position + 1] = words[position + 1], words[position]


def _move_phrase(words: Words, rng: random.Random, _: Confusions) -> None:
    length = rng.randint(1, 3)
    start = rng.randrange(max(1, len(words) - length))
    phrase = words[start : start + length]
    del words[start : start + length]
    target = min(len(words), max(0, start + rng.choice((-4, -3, -2, 2, 3, 4))))
    words[target:target] = phrase


def _verb_first(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, lambda word: word.endswith("ed") or word in ("said", "was", "were", "has"))
    if position is not None and position > 1:
        verb = words.pop(position)
        words.insert(max(0, position - rng.randint(1, 4)), verb)


def _inflect(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, lambda word: len(word) > 3 and word not in _CLOSED)
    if position is None or not (parts := _core(words[position])):
        return
    word = parts[1]
    if word.endswith("ies"):
        forms = [word[:-3] + "y"]
    elif word.endswith("s") and not word.endswith("ss"):
        forms = [word[:-1]]
    elif word.endswith("ed"):
        forms = [word[:-1], word[:-2], word[:-2] + "ing"]
    elif word.endswith("ing"):
        forms = [word[:-3], word[:-3] + "ed", word[:-3] + "es", "to " + word[:-3]]
    elif word.endswith("ly"):
        forms = [word[:-2]]
    elif word.endswith("e"):
        forms = [word + "s", word + "d", word[:-1] + "ing"]
    else:
        forms = [word + "s", word + "ed", word + "ing", "to " + word]
    words[position] = parts[0] + rng.choice(forms) + parts[2]


def _word_choice(words: Words, rng: random.Random, confusions: Confusions) -> None:
    position = _pick(words, rng, confusions.__contains__)
    if position is not None and (parts := _core(words[position])):
        _replace(words, position, rng.choice(confusions[parts[1].lower()]))


def _genitive(words: Words, rng: random.Random, _: Confusions) -> None:
    """Turn a noun before a noun into a chain with "of": "security committee" → "the committee of the security"."""
    position = _pick(words[:-1], rng, lambda word: len(word) > 4 and word not in _CLOSED)
    if position is not None and words[position].isalpha() and (parts := _core(words[position + 1])):
        words[position : position + 2] = [parts[1], "of", "the", words[position] + parts[2]]


def _light_verb(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words, rng, lambda word: word.endswith("ed") and len(word) > 5)
    if position is not None and (parts := _core(words[position])):
        verb = parts[1][:-2].lower() + "ing"
        words[position : position + 1] = [rng.choice(("carried out the", "did the", "made")), verb, "of"]


def _resumptive(words: Words, rng: random.Random, _: Confusions) -> None:
    position = _pick(words[:-3], rng, lambda word: word in ("that", "which", "who", "where"))
    if position is not None:
        words.insert(position + rng.randint(2, 3), rng.choice(("it", "him", "them", "in it")))


def _case(words: Words, rng: random.Random, _: Confusions) -> None:
    position = rng.randrange(len(words))
    word = words[position]
    words[position] = word.lower() if word[:1].isupper() else word.capitalize()


def _cut(words: Words, rng: random.Random, _: Confusions) -> None:
    """Lose or gain a comma."""
    position = rng.randrange(len(words) - 1)
    word = words[position]
    words[position] = word[:-1] if word.endswith(",") else word + "," if word.isalpha() else word


_TABLE: tuple[tuple[Callable[[Words, random.Random, Confusions], None], float], ...] = (
    (_drop_article, 12),
    (_add_article, 8),
    (_swap_article, 6),
    (_closed_class, 12),
    (_swap_preposition, 10),
    (_drop_function_word, 14),
    (_add_preposition, 4),
    (_double_preposition, 3),
    (_double_word, 5),
    (_double_phrase, 2),
    (_drop_word, 3),
    (_swap_words, 4),
    (_move_phrase, 6),
    (_verb_first, 4),
    (_agreement, 5),
    (_inflect, 12),
    (_word_choice, 10),
    (_genitive, 3),
    (_light_verb, 2),
    (_resumptive, 2),
    (_case, 4),
    (_cut, 3),
)
_KINDS = [kind for kind, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]

#: Kinds of error that are measured one by one.
MEASURED: dict[str, tuple[Callable[[Words, random.Random, Confusions], None], ...]] = {
    "article": (_drop_article, _add_article, _swap_article),
    "preposition": (_swap_preposition,),
    "agreement": (_agreement,),
    "duplicate": (_double_word,),
    "dropped function word": (_drop_function_word,),
}


def one_error(text: str, kind: str, rng: random.Random) -> str | None:
    """Return the sentence with one error of a kind of `MEASURED`, or None when it offers no place for one."""
    words = text.split()
    if len(words) < 3:
        return None
    rng.choice(MEASURED[kind])(words, rng, {})
    spoilt = " ".join(words)
    return spoilt if spoilt != " ".join(text.split()) else None
