"""The data files → clean sentences with context, and (hypothesis, post-edit) pairs, streamed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz.distance import Indel

from mtfix.document import tokenize

#: Prose whose licence does not allow weights trained on it to be shared.
_NON_COMMERCIAL = ("gum-", "gentle", "ud-lines", "ud-partut")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z\"“])|\n+")
MAX_HTER = 0.6
_MIN_LIKENESS = 0.72  # token overlap of a system output with a reference that may serve as its post-edit


class Pair(NamedTuple):
    """A hypothesis, its correction, and the sentence before it ("" where unknown)."""

    hypothesis: str
    post_edit: str
    context: str
    origin: str


class Prose(NamedTuple):
    """A sentence of human English with the sentence before it."""

    text: str
    context: str


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a .jsonl file, plain, gzip or zstd; ImportError names the extra for zstd."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    elif path.suffix == ".zst":
        try:
            import zstandard
        except ImportError as error:
            raise ImportError(f"{path}: reading zstd needs `pip install mtfix[train]`") from error
        with (
            path.open("rb") as raw,
            zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(raw) as stream,
        ):
            yield from map(json.loads, io.TextIOWrapper(stream, encoding="utf-8"))
    else:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def is_held_out(key: str) -> bool:
    """Whether a document is kept from training to measure harm on: every tenth, by a hash of its id."""
    return hashlib.sha256(key.encode()).digest()[0] % 10 == 0


def is_reported(sentence: str) -> bool:
    """Whether a held-out sentence belongs to the half that harm is reported on, rather than tuned on."""
    return hashlib.sha256(sentence.encode()).digest()[1] % 2 == 0


def sentences(text: str) -> list[str]:
    """Split prose into sentences of 20 to 400 characters, roughly; others are left out."""
    return [s for s in (part.strip() for part in _SENTENCE.split(text)) if 20 <= len(s) <= 400]


def prose(data: Path, held_out: bool = False) -> Iterator[Prose]:
    """Yield human English whose licence allows training; or, for measuring, the documents held out of it."""
    for name in ("prose_open.jsonl.zst", "prose_un_speeches.jsonl.zst"):
        for row in read_rows(data / name):
            if row["source"].startswith(_NON_COMMERCIAL):
                continue
            if is_held_out(row["doc_id"].split("#")[0]) == held_out:
                context = ""
                for sentence in sentences(row["text"]):
                    yield Prose(sentence, context)
                    context = sentence


def pairs(data: Path) -> Iterator[Pair]:
    """Yield pairs for training: MLQE-PE post-edits, UN Arabic and WMT outputs close to their reference.

    Every tenth UN sentence, by a hash of its line, is kept for evaluation.
    """
    for row in read_rows(data / "mlqe_pe.train.jsonl.gz"):
        if row["hter"] <= MAX_HTER:
            yield Pair(row["mt"], row["pe"], "", "mlqe-pe")
    for row in read_rows(data / "un_ar_es_en_mt.jsonl.zst"):
        if row["pair"] == "ar-en" and not is_held_out(f"un {row['line']}"):
            yield from _near(row, "", "un-ar-en")
    context, document = "", None
    for row in read_rows(data / "wmt_into_english.jsonl.zst"):
        if row["doc"] != document:
            context, document = "", row["doc"]
        yield from _near(row, context if document else "", "wmt")
        context = row["refs"][0]


def references(data: Path) -> Iterator[Prose]:
    """Yield human translations and post-edits: fluent for the most part, in the register of translated text."""
    for row in read_rows(data / "mlqe_pe.train.jsonl.gz"):
        yield Prose(row["pe"], "")
    for row in read_rows(data / "un_ar_es_en_mt.jsonl.zst"):
        if not is_held_out(f"un {row['line']}"):
            yield Prose(row["refs"][0], "")
    for row in read_rows(data / "wmt_into_english.jsonl.zst"):
        yield Prose(row["refs"][0], "")


def _near(row: dict[str, Any], context: str, origin: str) -> Iterator[Pair]:
    for output in row["mts"]:
        hypothesis = [token.text for token in tokenize(output["mt"])]
        best, chosen = _MIN_LIKENESS, None
        for reference in row["refs"]:
            tokens = [token.text for token in tokenize(reference)]
            likeness = Indel.normalized_similarity(hypothesis, tokens, score_cutoff=best)
            if likeness >= best:
                best, chosen = likeness, reference
        if chosen is not None and best < 1:
            yield Pair(output["mt"], chosen, context, origin)
