"""Real articles → articles with names respelt as variant tables spell them, and what each name token is."""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from pathlib import Path
from typing import NamedTuple

from mtfix.document import Token, tokenize
from mtfix.names.lexicon import lexicon
from mtfix.names.romanization import fold, split_article
from mtfix.training.corpora import read_rows
from mtfix.training.name_pairs import read_counts, read_spellings, split

_NEWS = {
    "prose_licence_unclear.jsonl.zst": ("bbc", "worldwide-newswire", "nltk-abc"),
    "prose_open.jsonl.zst": ("wikinews",),
}
_TRANSLATED = {
    **_NEWS,
    "prose_licence_unclear.jsonl.zst": (
        *_NEWS["prose_licence_unclear.jsonl.zst"],
        "newstest-refs",
        "newstest-orig-or-mixed",
        "newsdata",
        *(f"brown/c{category}" for category in "abcdefghj"),  # the press, and what else isn't fiction
    ),
}
_SHORTEST = 4  # letters of a name that is respelt
_MENTIONS = 3  # of it in the article
_NAMES = 3  # respelt in an article at most
_LANGUAGES = ("ar", "he", "ru")
_USUAL = 0.05  # share of a source token's spellings that a variant must have
_COUNTED = 3  # times that it was counted; what was counted once or twice is often another name

_SHARE = 0.4  # of its mentions that get another spelling; always fewer than half


class Respelt(NamedTuple):
    """An article as respelt, with the name tokens in order.

    names: what each is (its folded original). originals: its original spelling. changed: whether it was respelt.
    """

    text: str
    tokens: list[Token]
    names: list[str]
    originals: list[str]
    changed: list[bool]


def articles(data: Path, part: str, translated: bool = False) -> Iterator[str]:
    """Yield news articles of 800 to 8,000 characters: those of the part "dev" or "test", by a hash of the text.

    translated: also passages of news that people translated or mixed with such, which name more people of other lands,
    and articles that aren't news.
    """
    for file, sources in (_TRANSLATED if translated else _NEWS).items():
        for row in read_rows(data / file):
            if f"{row['source']}/{row['doc_id']}".startswith(sources) and 800 <= len(row["text"]) <= 8000:
                digest = hashlib.sha256(row["text"].encode()).digest()
                if ("dev", "test")[digest[2] % 2] == part:
                    yield row["text"]


def variants(data: Path, unseen: bool) -> dict[str, list[tuple[str, int]]]:
    """Return folded spelling → others of the same name, with how often they were counted.

    They are the usual spellings of one source token, in languages whose script says little of the spelling (some, like
    Ball and Paul, are two names that one spelling in Arabic stands for), and what two spellings of a full name differ
    in. unseen: only source tokens that the scorer never saw.
    """
    often, _ = read_spellings(data / "name_romanisations.tsv.gz")
    counts = read_counts(data / "name_romanisations.tsv.gz")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for source in sorted(split(often)[1] if unseen else often):
        if source[0] in _LANGUAGES:
            total = sum(counts[source][spelling] for spelling in often[source])
            least = max(_COUNTED, _USUAL * total)
            usual = [s for s in often[source] if counts[source][s] >= least and len(s) >= _SHORTEST]
            for spelling, other in permutations(usual, 2):
                found[spelling][other] += counts[source][other]
    if not unseen:
        for one, other in _of_full_names(data / "name_clusters.tsv.gz"):
            found[one][other] += 1
            found[other][one] += 1
    return {spelling: sorted(others.items()) for spelling, others in found.items() if others}


def _of_full_names(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the one token in which two spellings of a person's full name differ."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["type"] == "PERSON":
                name, *others = (
                    [fold(token) for token in n.split()] for n in (row["canonical"], *row["variants"].split("|"))
                )
                for other in others:
                    unlike = [(x, y) for x, y in zip(name, other, strict=False) if x != y]
                    if len(name) == len(other) > 1 == len(unlike) and all(map(_is_name, unlike[0])):
                        yield unlike[0]


def _is_name(word: str) -> bool:
    lex = lexicon()
    return len(word) >= _SHORTEST and not (word in lex.titles or lex.is_ordinary(word))


def persons(tokens: Sequence[Token], text: str, first_names: Collection[str]) -> set[str]:
    """Return the folded names of persons: a usual first name and what follows it, and what follows a title."""
    titles = lexicon().titles
    found = set()
    for before, token in pairwise(tokens):
        if text[before.end : token.start] == " " and fold(before.text) in first_names:
            found |= {fold(before.text), fold(split_article(token.text)[1])}
    for token in tokens:
        words = text[max(0, token.start - 30) : token.start].rstrip(". ").split()
        if words and words[-1].lower() in titles:
            found.add(fold(split_article(token.text)[1]))
    return found


def of_one_person(tokens: Sequence[Token], text: str) -> set[str]:
    """Return the folded names that stand beside at most one other name before them, and one after."""
    cores = [fold(split_article(token.text)[1]) for token in tokens]
    before: dict[str, set[str]] = {core: set() for core in cores}
    after: dict[str, set[str]] = {core: set() for core in cores}
    for (left, first), (right, second) in pairwise(zip(tokens, cores, strict=True)):
        if text[left.end : right.start] == " ":
            after[first].add(second)
            before[second].add(first)
    return {core for core in cores if len(before[core]) < 2 and len(after[core]) < 2}


def first_names(data: Path) -> set[str]:
    """Return the usual first names of the world, folded."""
    with gzip.open(data / "popular_names.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {fold(row["romanised"]) for row in rows if row["kind"] == "FORENAME"}


def name_tokens(text: str) -> list[Token]:
    """Return the tokens that can be names: capitalized, not an ordinary word, nor written small in the text."""
    tokens = tokenize(text)
    small = {token.text for token in tokens if token.text.islower()}
    lex = lexicon()
    found = []
    for token in tokens:
        core = split_article(token.text)[1]
        word = core.lower()
        capitalized = core[0].isupper() and core.isalpha() and not core.isupper()
        if capitalized and word not in small and not (lex.is_ordinary(word) or lex.is_place(word)):
            found.append(token)
    return found


def respell(
    text: str, table: Mapping[str, Sequence[tuple[str, int]]], first: Collection[str], rng: random.Random
) -> Respelt | None:
    """Return the article with up to three names of persons respelt in less than half of their mentions.

    None if none can be respelt.
    """
    tokens = name_tokens(text)
    cores = [fold(split_article(token.text)[1]) for token in tokens]
    counts = Counter(cores)
    named = persons(tokens, text, first) & of_one_person(tokens, text)
    fit = [c for c, count in counts.items() if count >= _MENTIONS and len(c) >= _SHORTEST and c in table and c in named]
    pieces: list[str] = []
    names, originals, changed, placed = [], [], [], []
    chosen = sorted(rng.sample(fit, min(_NAMES, len(fit))))
    new: dict[int, str] = {}
    for core in chosen:
        places = [number for number, other in enumerate(cores) if other == core]
        options = [(other, count) for other, count in table[core] if other not in counts]
        if options:
            variant = rng.choices([other for other, _ in options], [count for _, count in options])[0]
            times = min(max(1, round(_SHARE * len(places))), (len(places) - 1) // 2)
            new |= dict.fromkeys(rng.sample(places, times), variant)
    if not new:
        return None
    end = length = 0
    for number, (token, core) in enumerate(zip(tokens, cores, strict=True)):
        article, rest = split_article(token.text)
        spelt = article + new[number].capitalize() if number in new else token.text
        pieces += [text[end : token.start], spelt]
        length += token.start - end
        placed.append(Token(length, length + len(spelt), spelt))
        length += len(spelt)
        end = token.end
        names.append(core)
        originals.append(rest)
        changed.append(number in new)
    return Respelt("".join([*pieces, text[end:]]), placed, names, originals, changed)
