"""Runs that are cut off and go on: by a kill at any moment, a full disk, a worker that is killed."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtfix.batch.identity import input_name
from mtfix.batch.journal import Journal
from mtfix.cli import main
from tests.batch.running import fake, rejects  # noqa: F401

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import sys
from mtfix import cli, commands
from tests import fake_fixer
commands.load_fixer = fake_fixer.load_pausing
if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
"""


def started(tmp_path: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a run whose rows take a little time each."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(program), "batch", *arguments, "--workers", "2"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def texts(count: int) -> list[str]:
    return [f"teh {number} wrold" if number % 7 else f"BOOM {number}" for number in range(count)]


def as_jsonl(path: Path, count: int) -> None:
    path.write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in enumerate(texts(count))), "utf-8")


def as_csv(path: Path, count: int) -> None:
    path.write_text("id,text\n" + "".join(f'{n},"{t}"\n' for n, t in enumerate(texts(count))), "utf-8")


def as_parquet(path: Path, count: int) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"id": list(range(count)), "text": texts(count)}), path)


@pytest.mark.parametrize(("suffix", "write"), [(".jsonl", as_jsonl), (".csv", as_csv), (".parquet", as_parquet)])
def test_a_killed_run_goes_on_to_the_same_bytes(
    tmp_path: Path, suffix: str, write: Callable[[Path, int], None]
) -> None:
    source = tmp_path / f"in{suffix}"
    write(source, 2000)

    def run(name: str) -> subprocess.Popen[bytes]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        report = folder / ("report.parquet" if suffix == ".parquet" else "report.jsonl")
        return started(tmp_path, str(source), str(folder / f"out{suffix}"), "--report", str(report), "--resume")

    assert run("whole").wait(300) == 3
    journal = tmp_path / "killed" / f".out{suffix}.journal.jsonl"
    moments = random.Random(suffix)
    for _ in range(3):
        process = run("killed")
        until = time.monotonic() + 120
        while process.poll() is None and not journal.exists() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 1.5))
        process.kill()
        process.wait(300)
    assert run("killed").wait(300) == 3
    for file in (tmp_path / "whole").iterdir():
        assert (tmp_path / "killed" / file.name).read_bytes() == file.read_bytes(), file.name
    assert {path.name for path in (tmp_path / "killed").iterdir()} == {p.name for p in (tmp_path / "whole").iterdir()}


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    as_jsonl(tmp_path / "in.jsonl", 1500)
    process = started(tmp_path, str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"))
    killed = 0
    until = time.monotonic() + 120
    while killed < 2 and time.monotonic() < until:
        workers = [pid for pid in _children(process.pid) if b"spawn_main" in _command(pid)]
        if workers and (tmp_path / ".out.jsonl.part").exists():
            time.sleep(0.3)
            os.kill(workers[killed % len(workers)], signal.SIGKILL)
            killed += 1
            time.sleep(1.0)
    assert killed == 2
    assert process.wait(300) == 3
    expected = [text if "BOOM" in text else text.replace("teh", "the") for text in texts(1500)]
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == expected
    assert all("boom" in reason for reason in rejects(tmp_path).values())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("needs /proc to find worker processes")
    return [int(child) for child in listed.read_text().split()]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_full_disk_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resource = pytest.importorskip("resource")
    as_jsonl(tmp_path / "in.jsonl", 3000)
    arguments = ["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--workers", "1"]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        assert main(arguments) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    err = capsys.readouterr().err
    assert "out.jsonl" in err
    assert "go on with --resume" in err
    assert not (tmp_path / "out.jsonl").exists()
    assert main([*arguments, "--resume"]) == 3
    expected = [text if "BOOM" in text else text.replace("teh", "the") for text in texts(3000)]
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == expected
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Leave a run that was cut off after 1,000 of 1,500 rows, and return its arguments."""
    add = Journal.add

    def broken(self: Journal, line: dict[str, Any]) -> None:
        if line.get("rows", 0) > 1000:
            raise KeyboardInterrupt
        add(self, line)

    as_jsonl(tmp_path / "in.jsonl", 1500)
    arguments = ["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--workers", "1"]
    monkeypatch.setattr(Journal, "add", broken)
    assert main(arguments) == 130
    monkeypatch.setattr(Journal, "add", add)
    return arguments


def test_an_unfinished_run_is_not_overwritten_and_only_the_same_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = interrupted(tmp_path, monkeypatch)
    source = tmp_path / "in.jsonl"
    (tmp_path / "names.json").write_text('{"Tariq": ["Tarik"]}', "utf-8")

    def refused(*more: str) -> str:
        capsys.readouterr()
        assert main([*arguments, *more]) == 2
        err = capsys.readouterr().err
        assert not (tmp_path / "out.jsonl").exists()
        return err

    assert "an unfinished run is kept here (1,000 rows are done); go on with --resume" in refused()
    strength = refused("--resume", "--strength", "balanced")
    assert "--strength was conservative and is balanced now" in strength
    assert "--glossary was not given and is given now" in refused(
        "--resume", "--glossary", str(tmp_path / "names.json")
    )
    assert "--column was text and is id now" in refused("--resume", "--column", "id")
    assert "the model" in refused("--resume", "--no-regenerate") or "--regenerate" in refused(
        "--resume", "--no-regenerate"
    )
    data = source.read_bytes()
    source.write_bytes(data + b"\n")
    assert f"the input {source} has changed" in refused("--resume")
    source.write_bytes(data)
    with (tmp_path / ".out.jsonl.journal.jsonl").open("ab") as journal:
        journal.write(b'{"file": 0, "rows": 99')  # a line that a power cut left
    assert main([*arguments, "--resume"]) == 3
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1500
    assert len(rejects(tmp_path)) == 215


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks on files")
@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_second_run_beside_the_first_is_refused_and_disturbs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], resume: list[str]
) -> None:
    arguments = interrupted(tmp_path, monkeypatch)
    journal = tmp_path / ".out.jsonl.journal.jsonl"
    first = Journal(journal)
    started = json.loads(journal.read_bytes().splitlines()[0])["identity"]
    first.open(started, resume=True, inputs=[input_name(arguments[1])])
    before = contents(tmp_path)
    capsys.readouterr()
    assert main([*arguments, *resume]) == 2
    told = capsys.readouterr().err.splitlines()
    assert f"{journal}: another run (process {os.getpid()} on " in told[-1]
    assert told[-1].endswith(" is at work with this output; wait until it ends")
    assert contents(tmp_path) == before
    first.close()
    assert main([*arguments, "--resume"]) == 3


@pytest.mark.parametrize("stop", [(0, 500), (0, 800), (1, 500), (1, 800), (2, 0)])
def test_a_folder_of_packed_shards_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: tuple[int, int]
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name, count in (("a", 800), ("b", 800), ("c", 0)):
        as_jsonl(tmp_path / "rows", count)
        (source / f"{name}.jsonl.gz").write_bytes(gzip.compress((tmp_path / "rows").read_bytes()))
    add = Journal.add

    def broken(self: Journal, line: dict[str, Any]) -> None:
        add(self, line)
        if (line.get("file"), line.get("rows")) == stop:
            raise KeyboardInterrupt

    arguments = ["--workers", "1", "--report", str(tmp_path / "report.parquet")]
    pytest.importorskip("pyarrow")
    assert main(["batch", str(source), str(tmp_path / "whole"), *arguments]) == 3
    report = (tmp_path / "report.parquet").read_bytes()
    monkeypatch.setattr(Journal, "add", broken)
    assert main(["batch", str(source), str(tmp_path / "out"), *arguments]) == 130
    monkeypatch.setattr(Journal, "add", add)
    assert main(["batch", str(source), str(tmp_path / "out"), *arguments, "--resume"]) == 3
    for name in ("a", "b", "c"):
        whole = (tmp_path / "whole" / f"{name}.jsonl.gz").read_bytes()
        assert (tmp_path / "out" / f"{name}.jsonl.gz").read_bytes() == whole
    assert (tmp_path / "report.parquet").read_bytes() == report
    assert (tmp_path / "out.rejects.jsonl").read_bytes() == (tmp_path / "whole.rejects.jsonl").read_bytes()


def test_a_run_cut_off_at_the_very_end_only_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in.jsonl"
    as_jsonl(source, 20)
    arguments = ["batch", str(source), str(source), "--workers", "1", "--report", str(tmp_path / "report.jsonl")]
    remove = Journal.remove

    def killed(self: Journal) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "remove", killed)
    assert main(arguments) == 130
    monkeypatch.setattr(Journal, "remove", remove)
    after, report = source.read_bytes(), (tmp_path / "report.jsonl").read_bytes()
    assert b"the 1 wrold" in after
    assert main([*arguments, "--resume"]) == 3
    assert (source.read_bytes(), (tmp_path / "report.jsonl").read_bytes()) == (after, report)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_run_goes_on_however_its_files_and_defaults_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    assert "go on with --resume" in capsys.readouterr().err
    said = ["--column", "text", "--format", "jsonl", "--encoding", "UTF8", "--strength", "conservative"]
    assert main(["batch", "./in.jsonl", "../" + tmp_path.name + "/out.jsonl", *said, "--workers", "1", "--resume"]) == 3
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1500


def test_a_refusal_says_what_to_do_and_nothing_untrue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = interrupted(tmp_path, monkeypatch)
    journal = tmp_path / ".out.jsonl.journal.jsonl"

    def refused(*more: str) -> str:
        capsys.readouterr()
        assert main([*arguments, *more]) == 2
        return capsys.readouterr().err

    assert "what is done is kept" not in refused()
    assert "what is done is kept" not in refused("--resume", "--strength", "balanced")
    (tmp_path / ".out.jsonl.part").unlink()
    gone = refused("--resume")
    assert "what was written is no longer here" in gone
    assert f"remove {journal} and start anew" in gone
    assert "go on with --resume" not in gone
    journal.unlink()
    assert main(arguments) == 3


@pytest.mark.parametrize("data", [b"[1,2]\n", b'{"foo": 1}\n', b"mine\n"])
def test_a_journal_of_something_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    as_jsonl(tmp_path / "in.jsonl", 3)
    journal = tmp_path / ".out.jsonl.journal.jsonl"
    journal.write_bytes(data)
    for more in ([], ["--resume"]):
        assert main(["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--workers", "1", *more]) == 2
        assert f"{journal}: this is no journal that mtfix wrote" in capsys.readouterr().err
    assert journal.read_bytes() == data


def test_a_summary_that_cannot_be_written_leaves_the_run_to_go_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtfix.batch import command

    as_jsonl(tmp_path / "in.jsonl", 20)
    summary = tmp_path / "s.json"
    arguments = ["batch", str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl"), "--workers", "1"]
    write = command.summary_bytes

    def full(*_: Any) -> bytes:
        raise OSError(28, "No space left on device", str(summary))

    monkeypatch.setattr(command, "summary_bytes", full)
    assert main([*arguments, "--summary", str(summary)]) == 2
    monkeypatch.setattr(command, "summary_bytes", write)
    assert main([*arguments, "--summary", str(summary), "--resume"]) == 3
    assert json.loads(summary.read_bytes())["rows"] == 20
