"""The data files → clean sentences and rows of system outputs, streamed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtfix.compression import compression_of, unpacked

#: Prose whose licence does not allow weights trained on it to be shared.
_NON_COMMERCIAL = ("gum-", "gentle", "ud-lines", "ud-partut")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z\"“])|\n+")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a .jsonl file, plain, gzip or zstd; ImportError names the extra for zstd."""
    with path.open("rb") as stream:
        yield from map(json.loads, unpacked(stream, compression_of(path.name)))


def is_held_out(key: str) -> bool:
    """Whether a document is kept from training to measure harm on: every tenth, by a hash of its id."""
    return hashlib.sha256(key.encode()).digest()[0] % 10 == 0


def is_reported(sentence: str) -> bool:
    """Whether a held-out sentence belongs to the half that harm is reported on, rather than tuned on."""
    return hashlib.sha256(sentence.encode()).digest()[1] % 2 == 0


def sentences(text: str) -> list[str]:
    """Split prose into sentences of 20 to 400 characters, roughly; others are left out."""
    return [s for s in (part.strip() for part in _SENTENCE.split(text)) if 20 <= len(s) <= 400]


def prose(data: Path, held_out: bool = False) -> Iterator[str]:
    """Yield human English whose licence allows training; or, for measuring, the documents held out of it."""
    for name in ("prose_open.jsonl.zst", "prose_un_speeches.jsonl.zst"):
        for row in read_rows(data / name):
            if row["source"].startswith(_NON_COMMERCIAL):
                continue
            if is_held_out(row["doc_id"].split("#")[0]) == held_out:
                yield from sentences(row["text"])


def outputs(data: Path) -> Iterator[dict[str, Any]]:
    """Yield rows of system outputs (`mts`) with their references (`refs`): WMT, and the UN from Arabic and Spanish.

    Every tenth UN sentence, by a hash of its line, is kept for evaluation.
    """
    for row in read_rows(data / "un_ar_es_en_mt.jsonl.zst"):
        if not is_held_out(f"un {row['line']}"):
            yield row
    yield from read_rows(data / "wmt_into_english.jsonl.zst")


def references(data: Path) -> Iterator[str]:
    """Yield human translations and post-edits: fluent for the most part, in the register of translated text."""
    for row in read_rows(data / "mlqe_pe.train.jsonl.gz"):
        yield row["pe"]
    for row in outputs(data):
        yield row["refs"][0]
