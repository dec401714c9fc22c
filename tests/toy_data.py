"""Data files of a few rows, compressed as the real ones are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import zstandard


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as .jsonl.gz or .jsonl.zst, whichever the name asks for."""
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else zstandard.compress(text))
