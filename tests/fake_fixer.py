"""A fixer without a model: it mends "teh", reports "wrold", and fails on "BOOM"."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

from mtfix.result import Edit, Issue, Repair


def issue(start: int, text: str, message: str = "A misspelling.", **changes: object) -> Issue:
    values: dict[str, object] = {
        "category": "spelling",
        "severity": "minor",
        "confidence": 0.9,
        "detector": "fake.spelling",
        "suggestions": ("the",),
    }
    return Issue(start, start + len(text), text, message=message, **{**values, **changes})  # type: ignore[arg-type]


class FakeFixer:
    def __init__(self, **options: object) -> None:
        self.options = options

    def repair(self, text: str) -> Repair:
        if "BOOM" in text:
            raise RuntimeError("boom")
        issues = [issue(m.start(), m.group()) for m in re.finditer("teh|wrold", text)]
        edits = tuple(Edit(i.start, i.end, i.text, "the", (i,)) for i in issues if i.text == "teh")
        return Repair(text, edits, tuple(issues), (), ())

    def check(self, text: str) -> list[Issue]:
        return list(self.repair(text).issues)


def load(**options: object) -> FakeFixer:
    return FakeFixer(**options)


def load_failing(**options: object) -> FakeFixer:
    from mtfix.options import OptionsError

    raise OptionsError("model “nope” isn't there; choose another")


class FatalFixer(FakeFixer):
    """Does something fatal at a word, at the word with "ONCE" after it only the first time: it leaves a mark then."""

    word: str

    def __init__(self, marks: str) -> None:
        super().__init__()
        self.mark = Path(marks) / self.word

    def repair(self, text: str) -> Repair:
        if text == self.word or (text == f"{self.word} ONCE" and not self.mark.exists()):
            if text != self.word:
                self.mark.touch()
            self.end()
        return super().repair(text)

    def end(self) -> None:
        raise NotImplementedError


class DyingFixer(FatalFixer):
    """Ends its process at "DIE"."""

    word = "DIE"

    def end(self) -> None:
        os._exit(7)


class SlowFixer(FakeFixer):
    """Takes a minute over "SLOW"."""

    def repair(self, text: str) -> Repair:
        if text == "SLOW":
            time.sleep(60)
        return super().repair(text)


def load_dying() -> FakeFixer:
    os._exit(7)


class PausingFixer(FakeFixer):
    """Takes a moment over each text, as a real one does."""

    def repair(self, text: str) -> Repair:
        time.sleep(0.002)
        return super().repair(text)


def load_pausing(**options: object) -> FakeFixer:
    return PausingFixer(**options)


class OrphaningFixer(FatalFixer):
    """Kills the process that its own belongs to at "KILL"."""

    word = "KILL"

    def end(self) -> None:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
