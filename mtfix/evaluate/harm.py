"""Harm: how much good English is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from mtfix.evaluate.result import Evaluation, needed, signature
from mtfix.fixer import Fixer
from mtfix.training import corpora

SENTENCES = 10_000
_NEWS = ("bbc", "worldwide-newswire", "nltk-abc", "newsdata", "wikinews")


def prose(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure on human English, half of it news, none of it seen in training or tuning."""
    sentences = human_sentences(data, limit or SENTENCES)
    changes = [
        {"before": text, "after": after}
        for text in tqdm(sentences, desc="prose", disable=None, leave=False)
        if (after := fixer.clean(text)) != text
    ]
    share = 100 * len(changes) / max(1, len(sentences))
    table = (
        f"human English: {len(changes)} of {len(sentences)} sentences changed ({share:.2f} %; doing nothing: 0)\n"
        f"sample: half news, by hash, from documents held out of training\n{signature(fixer)}"
    )
    return Evaluation(table, tuple(changes))


def human_sentences(data: Path, count: int) -> list[str]:
    """Return a fixed sample of human sentences, half of them news where there are enough."""
    needed(data / "prose_open.jsonl.zst")
    needed(data / "prose_un_speeches.jsonl.zst")
    news, other = set(_unlicensed(data, news=True)), set(_unlicensed(data, news=False))
    other.update(item for item in corpora.prose(data, held_out=True) if corpora.is_reported(item))
    first = sorted(news, key=_order)[: count // 2]
    return first + sorted(other - news, key=_order)[: count - len(first)]


def _unlicensed(data: Path, news: bool) -> Iterator[str]:
    """Yield sentences of the prose whose licence bars training; part of newstest is translated and left out."""
    for row in corpora.read_rows(needed(data / "prose_licence_unclear.jsonl.zst")):
        if not row["source"].startswith("newstest") and row["source"].startswith(_NEWS) == news:
            yield from corpora.sentences(row["text"])


def _order(text: str) -> bytes:
    return hashlib.sha256(("harm" + text).encode()).digest()
