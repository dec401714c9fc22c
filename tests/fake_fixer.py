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


def load_failing() -> FakeFixer:
    from mtfix.options import OptionsError

    raise OptionsError("model “nope” isn't there; choose another")


class DyingFixer(FakeFixer):
    """Ends its process at "DIE", at "DIE ONCE" only the first time, for which it leaves a mark in a folder."""

    def __init__(self, marks: str) -> None:
        super().__init__()
        self.mark = Path(marks) / "died"

    def repair(self, text: str) -> Repair:
        if text == "DIE" or (text == "DIE ONCE" and not self.mark.exists()):
            if text == "DIE ONCE":
                self.mark.touch()
            os._exit(7)
        return super().repair(text)


class SlowFixer(FakeFixer):
    """Takes a minute over "SLOW"."""

    def repair(self, text: str) -> Repair:
        if text == "SLOW":
            time.sleep(60)
        return super().repair(text)


def load_dying() -> FakeFixer:
    os._exit(7)


def load_bad(**options: object) -> FakeFixer:
    return load_failing()


class PausingFixer(FakeFixer):
    """Takes a moment over each text, as a real one does."""

    def repair(self, text: str) -> Repair:
        time.sleep(0.002)
        return super().repair(text)


def load_pausing(**options: object) -> FakeFixer:
    return PausingFixer(**options)


class OrphaningFixer(FakeFixer):
    """Kills the process that its own belongs to at "KILL", at "KILL ONCE" only the first time."""

    def __init__(self, marks: str) -> None:
        super().__init__()
        self.mark = Path(marks) / "killed"

    def repair(self, text: str) -> Repair:
        if text == "KILL" or (text == "KILL ONCE" and not self.mark.exists()):
            if text == "KILL ONCE":
                self.mark.touch()
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        return super().repair(text)
