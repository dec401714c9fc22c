"""The Ray engine on a Ray of this machine's own, with two workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mtfix import commands
from mtfix.batch.chunks import chunked
from mtfix.batch.engine import Engine, LocalEngine
from mtfix.batch.job import Job, Outcome
from mtfix.batch.ray import RayEngine
from mtfix.batch.rows import Row
from mtfix.cli import main
from tests import fake_fixer
from tests.batch.running import fake, read_for_the_first  # noqa: F401
from tests.batch.test_failed import truncated
from tests.batch.test_resume import PROGRAM, ROOT, as_csv, as_jsonl, as_parquet, contents, texts

pytest.importorskip("ray")
WRITERS = {".jsonl": as_jsonl, ".csv": as_csv, ".parquet": as_parquet}


@pytest.fixture(scope="session")
def engine() -> Iterator[RayEngine]:
    import ray

    yield RayEngine(2)
    ray.shutdown()


def outcomes(engine: Engine, job: Job, given: list[str]) -> list[Outcome]:
    """Return what becomes of texts, but for the time that it took."""
    rows = [Row(number, ("text",), (text,)) for number, text in enumerate(given, 1)]
    found = [outcome for _, chunk in engine(chunked(0, rows, 1000), job) for outcome in chunk]
    return [replace(outcome, seconds=0.0) for outcome in found]


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_bytes_are_those_of_the_local_engine(engine: RayEngine, tmp_path: Path, suffix: str) -> None:
    WRITERS[suffix](tmp_path / f"in{suffix}", 700)
    for name in ("local", "ray"):
        folder = tmp_path / name
        folder.mkdir()
        report = folder / ("report.parquet" if suffix == ".parquet" else "report.jsonl")
        arguments = [str(tmp_path / f"in{suffix}"), str(folder / f"out{suffix}"), "--report", str(report)]
        assert main(["batch", *arguments, "--engine", name, "--workers", "2"]) == 3
    assert len(contents(tmp_path / "local")) == 3
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")


def test_rows_that_end_a_worker_process_or_take_too_long_have_the_same_reasons(
    engine: RayEngine, tmp_path: Path
) -> None:
    for name in ("local", "ray"):
        (tmp_path / name).mkdir()
    given = ["teh 1", "DIE", "teh 2", "DIE ONCE", "teh 3"]
    found = outcomes(engine, Job(partial(fake_fixer.DyingFixer, marks=str(tmp_path / "ray"))), given)
    job = Job(partial(fake_fixer.DyingFixer, marks=str(tmp_path / "local")))
    assert found == outcomes(LocalEngine(1), job, given)
    assert [outcome.reason for outcome in found if outcome.reason] == ["its worker process ended twice (code 7)"]
    slow = Job(fake_fixer.SlowFixer, row_timeout=0.5)
    assert outcomes(engine, slow, ["teh", "SLOW"]) == outcomes(LocalEngine(1), slow, ["teh", "SLOW"])


def test_a_row_that_costs_an_actor_twice_is_rejected_and_no_other(engine: RayEngine, tmp_path: Path) -> None:
    job = Job(partial(fake_fixer.OrphaningFixer, marks=str(tmp_path)))
    given = ["teh 1", "KILL", "teh 2", *["teh"] * 40, "KILL ONCE", "teh 3"]
    found = outcomes(engine, job, given)
    assert [outcome.texts[0] for outcome in found] == [text.replace("teh", "the") for text in given]
    assert {index: outcome.reason for index, outcome in enumerate(found) if outcome.reason} == {
        1: "its actor ended twice (ActorDiedError)"
    }


def test_rows_are_read_only_as_they_are_needed(engine: RayEngine) -> None:
    assert read_for_the_first(engine) < 20


def test_a_fixer_that_cannot_be_loaded_is_one_line(
    engine: RayEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load_failing)
    as_jsonl(tmp_path / "in.jsonl", 10)
    assert main(["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--engine", "ray"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mtfix: Ray node ")
    assert line.endswith(": model “nope” isn't there; choose another")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def shards(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b", "c"):
        as_jsonl(folder / f"{name}.jsonl", 800)
    return folder


@pytest.mark.parametrize(("first", "second"), [("ray", "local"), ("local", "ray")])
def test_what_one_engine_began_the_other_ends(
    engine: RayEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    from mtfix.batch.journal import Journal

    source = shards(tmp_path)
    assert main(["batch", str(source), str(tmp_path / "whole"), "--workers", "2"]) == 3
    add = Journal.add

    def broken(self: Journal, line: dict[str, Any]) -> None:
        add(self, line)
        if (line.get("file"), line.get("rows")) == (1, 500):
            raise KeyboardInterrupt

    arguments = ["batch", str(source), str(tmp_path / "out"), "--workers", "2"]
    monkeypatch.setattr(Journal, "add", broken)
    assert main([*arguments, "--engine", first]) == 130
    monkeypatch.setattr(Journal, "add", add)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".b.jsonl.part", "a.jsonl"]
    assert main([*arguments, "--engine", second, "--resume"]) == 3
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert (tmp_path / "out.rejects.jsonl").read_bytes() == (tmp_path / "whole.rejects.jsonl").read_bytes()


def test_an_input_that_cannot_be_read_is_noted_as_by_the_local_engine(engine: RayEngine, tmp_path: Path) -> None:
    source = shards(tmp_path)
    truncated(source / "b.jsonl.gz")
    for name in ("local", "ray"):
        (tmp_path / name).mkdir()
        arguments = [str(source), str(tmp_path / name / "out"), "--report", str(tmp_path / name / "report.jsonl")]
        assert main(["batch", *arguments, "--engine", name, "--workers", "2"]) == 3
        (tmp_path / name / ".out.journal.jsonl").unlink()  # it is kept for the damaged one
    assert "damaged" in (tmp_path / "ray" / "out.rejects.jsonl").read_text("utf-8").splitlines()[-1]
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")


def test_a_lost_head_node_leaves_a_run_to_go_on_with(
    engine: RayEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mtfix.batch import ray

    as_jsonl(tmp_path / "in.jsonl", 2000)
    journal = tmp_path / ".out.jsonl.journal.jsonl"
    call = ray._call

    def lost(address: str) -> None:
        if len(journal.read_bytes().splitlines()) > 1:
            raise ConnectionRefusedError(111, "Connection refused")
        call(address)

    monkeypatch.setattr(ray, "_call", lost)
    monkeypatch.setattr(ray, "_SECONDS", 0.01)
    arguments = ["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--engine", "ray"]
    assert main(arguments) == 2
    kept, line = capsys.readouterr().err.splitlines()
    assert kept == "mtfix: what is done is kept; go on with --resume"
    assert line.startswith("mtfix: Ray: the head node doesn't answer any more")
    monkeypatch.undo()
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load)
    assert main([*arguments, "--resume"]) == 3
    expected = [text if "BOOM" in text else text.replace("teh", "the") for text in texts(2000)]
    assert [json.loads(line)["text"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()] == expected


def test_a_killed_driver_loses_nothing_and_Ray_says_nothing_of_its_own(tmp_path: Path) -> None:
    source = shards(tmp_path)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    arguments = ["batch", str(source), str(tmp_path / "out"), "--engine", "ray", "--workers", "2", "--resume"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def started() -> subprocess.Popen[bytes]:
        command = [sys.executable, str(program), *arguments]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)

    process = started()
    journal = tmp_path / ".out.journal.jsonl"
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if journal.exists() and len(journal.read_bytes().splitlines()) > 2:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    again = started()
    _, told = again.communicate(timeout=300)
    assert again.returncode == 3
    assert [line.partition(" ")[0] for line in told.decode().splitlines()] == ["mtfix:"]
    expected = [text if "BOOM" in text else text.replace("teh", "the") for text in texts(800)]
    for name in ("a", "b", "c"):
        lines = (tmp_path / "out" / f"{name}.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(line)["text"] for line in lines] == expected


def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, *more: str) -> str:
    as_jsonl(tmp_path / "in.jsonl", 3)
    assert main(["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), *more]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    return line


def test_options_that_do_not_go_together_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "only with --engine ray" in refused(capsys, tmp_path, "--address", "auto")
    assert "--engine ray works on CPUs" in refused(capsys, tmp_path, "--engine", "ray", "--device", "cuda")


def test_a_cluster_that_is_not_there_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import ray

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    for address in ("127.0.0.1:1", "ray://127.0.0.1:1"):
        line = refused(capsys, tmp_path, "--engine", "ray", "--address", address)
        assert f"no cluster can be used at {address}" in line


def test_without_Ray_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert "pip install 'mtfix[ray]'" in refused(capsys, tmp_path, "--engine", "ray")
