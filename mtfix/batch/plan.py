"""What a run reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtfix.batch.sources import File


@dataclass(frozen=True)
class Plan:
    """What a run reads and writes.

    report, rejects: files for the issues and edits of each row, and for the rows left alone; without `rejects` they
    are told on standard error. journal: where the progress is kept; None for a run that can't be resumed.
    keeps_rejects: whether the file of the rejects is written even if there are none.
    """

    files: tuple[File, ...]
    report: str | None = None
    rejects: str | None = None
    journal: Path | None = None
    max_chars: int = 100_000
    dry_run: bool = False
    makes_folders: bool = False
    keeps_rejects: bool = False
