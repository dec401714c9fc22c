"""What is shown of a run while it goes on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mtfix.batch import meter
from mtfix.batch.meter import Meter
from mtfix.cli import main
from tests.batch.running import fake  # noqa: F401
from tests.batch.test_resume import as_jsonl, interrupted

RUN = re.compile(r"mtfix: ([\d,]+) rows, [\d.,]+ rows/s, [\d,]+ words/s, [\d.]+% changed, ([\d.]+)% read, [\d:]+ left")


def lines_of_a_run(told: str) -> list[tuple[int, float]]:
    """Return the rows and the share read in each line about a run."""
    found = filter(None, map(RUN.fullmatch, told.splitlines()))
    return [(int(match[1].replace(",", "")), float(match[2])) for match in found]


def test_without_a_terminal_lines_tell_how_far_a_run_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(meter, "_SECONDS", 0)
    as_jsonl(tmp_path / "in.jsonl", 300)
    assert main(["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--workers", "1"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("mtfix: digests of the inputs, 100.0% read, 00:00 left\n")
    lines = lines_of_a_run(told)
    assert lines == sorted(lines)
    assert lines[-1] == (300, 100.0)


def test_a_run_that_goes_on_tells_what_it_reads_again_and_starts_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = interrupted(tmp_path, monkeypatch)
    capsys.readouterr()
    monkeypatch.setattr(meter, "_SECONDS", 0)
    assert main([*arguments, "--resume"]) == 3
    told = capsys.readouterr().err
    assert "mtfix: reading the rows that are done, 100.0% read, 00:00 left\n" in told
    lines = lines_of_a_run(told)
    assert lines[0][0] > 1000
    assert lines[0][1] > 60
    assert lines[-1] == (1500, 100.0)


def test_the_time_left_is_by_what_was_done_since(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr(meter.time, "monotonic", lambda: now)
    shown = Meter("", "B", total=1000, is_terminal=False, done=900)
    for seconds, done in ((59, 905), (61, 910), (100, 950), (122, 920)):
        now = 1000.0 + seconds
        shown.show(done, "some rows")
    told = ["some rows, 91.0% read, 09:09 left", "some rows, 92.0% read, 08:08 left"]
    assert capsys.readouterr().err.splitlines() == [f"mtfix: {line}" for line in told]


def test_on_a_terminal_a_bar_starts_where_a_run_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with Meter("", "B", total=1000, is_terminal=True, done=900) as shown:
        shown.show(950, "some rows")
    first, *_, last = (shown for shown in capsys.readouterr().err.split("\r") if shown.strip())
    assert first.startswith(" 90%")
    assert last.startswith(" 95%")
    assert "some rows" in last
