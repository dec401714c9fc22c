"""Inputs that can't be read, or not to their end, among others that can."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mtfix.batch.identity import identity
from mtfix.batch.journal import Journal
from mtfix.cli import main
from tests.batch.running import fake  # noqa: F401
from tests.batch.test_resume import as_jsonl, contents


def truncated(source: Path) -> None:
    """Cut off a packed file, far enough in that segments of it are written before that is noticed."""
    as_jsonl(source, 2000)
    source.write_bytes(gzip.compress(source.read_bytes())[:-20])


def without_column(source: Path) -> None:
    source.write_bytes(b'{"id": 1, "body": "teh"}\n' * 9)


BAD = {"b.jsonl.gz": truncated, "b.jsonl": without_column, "b.parquet": Path.touch}
REASONS = {"b.jsonl.gz": "damaged after row", "b.jsonl": "no column “text”", "b.parquet": "not a Parquet file"}


def shards(tmp_path: Path, bad: str) -> Path:
    if bad.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "c"):
        as_jsonl(folder / f"{name}.jsonl", 600)
    BAD[bad](folder / bad)
    return folder


def run(tmp_path: Path, *more: str, out: str = "out", engine: tuple[str, ...] = ("--workers", "1")) -> int:
    files = ["--report", str(tmp_path / out / "report.jsonl"), "--rejects", str(tmp_path / out / "rejects.jsonl")]
    (tmp_path / out).mkdir(exist_ok=True)
    return main(["batch", str(tmp_path / "in"), str(tmp_path / out / "to"), *files, *engine, *more])


def entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def by_file(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries(path):
        found.setdefault(Path(entry["file"]).name, []).append(entry)
    return found


@pytest.mark.parametrize("bad", BAD)
def test_the_others_are_done_and_the_mended_one_alone_is_done_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    source = shards(tmp_path, bad)
    summary = tmp_path / "summary.json"
    assert run(tmp_path, "--summary", str(summary)) == 3
    *_, counts, which, advice = capsys.readouterr().err.splitlines()
    assert counts.startswith("mtfix: 1,200 rows, ")
    assert which.startswith(f"mtfix: not done: {source / bad}")
    assert REASONS[bad] in which
    assert advice == (
        "mtfix: 1 of 3 inputs are not done; nothing of them is in the output; mend them, and go on with --resume"
    )
    out = tmp_path / "out"
    assert sorted(contents(out / "to")) == ["a.jsonl", "c.jsonl"]
    failure = entries(out / "rejects.jsonl")[-1]
    assert (failure["file"], "row" in failure) == (str(source / bad), False)
    assert REASONS[bad] in failure["reason"]
    assert {name: len(rows) for name, rows in by_file(out / "report.jsonl").items()} == {"a.jsonl": 600, "c.jsonl": 600}
    assert list(json.loads(summary.read_text("utf-8"))["failed"]) == [str(source / bad)]

    done = (out / "to" / "a.jsonl").stat()
    as_jsonl(tmp_path / "rows", 700)
    if bad == "b.parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(entries(tmp_path / "rows")), source / bad)
    else:
        data = (tmp_path / "rows").read_bytes()
        (source / bad).write_bytes(gzip.compress(data) if bad.endswith(".gz") else data)
    assert run(tmp_path, "--resume") == 3  # rows are rejected in each
    assert "not done" not in capsys.readouterr().err
    assert (out / "to" / "a.jsonl").stat().st_mtime_ns == done.st_mtime_ns
    assert run(tmp_path, out="whole") == 3
    assert contents(out / "to") == contents(tmp_path / "whole" / "to")
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []
    for name in ("report.jsonl", "rejects.jsonl"):
        assert by_file(out / name) == by_file(tmp_path / "whole" / name)


@pytest.mark.parametrize(
    ("stop", "report"),
    [
        ((0, 600), "report.jsonl.gz"),
        ((1, 500), "report.parquet"),
        ((1, 0), "report.jsonl.gz"),
        ((2, 500), "report.parquet"),
    ],
)
def test_a_run_past_a_damaged_input_that_is_cut_off_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: tuple[int, int], report: str
) -> None:
    pytest.importorskip("pyarrow")
    shards(tmp_path, "b.jsonl.gz")
    add = Journal.add

    def broken(self: Journal, line: dict[str, Any]) -> None:
        add(self, line)
        if (line.get("file"), line.get("rows")) == stop:
            raise KeyboardInterrupt

    def more(out: str) -> list[str]:
        return ["--report", str(tmp_path / out / report)]

    assert run(tmp_path, *more("whole"), out="whole") == 3
    monkeypatch.setattr(Journal, "add", broken)
    assert run(tmp_path, *more("out")) == 130
    monkeypatch.setattr(Journal, "add", add)
    assert run(tmp_path, *more("out"), "--resume") == 3

    def visible(out: str) -> dict[str, bytes]:
        return {name: data for name, data in contents(tmp_path / out).items() if "journal" not in name}

    assert visible("out") == visible("whole")


def test_only_inputs_of_which_rows_are_done_must_be_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = shards(tmp_path, "b.jsonl")
    assert run(tmp_path) == 3
    as_jsonl(source / "b.jsonl", 3)
    before = (source / "a.jsonl").read_bytes()
    (source / "a.jsonl").write_bytes(before + b"\n")
    capsys.readouterr()
    assert run(tmp_path, "--resume") == 2
    assert f"the input {source / 'a.jsonl'} has changed" in capsys.readouterr().err
    (source / "a.jsonl").write_bytes(before)
    (source / "a.jsonl").rename(tmp_path / "a.jsonl")
    assert run(tmp_path, "--resume") == 2
    assert f"--resume: the input {source / 'a.jsonl'} was " in capsys.readouterr().err
    (tmp_path / "a.jsonl").rename(source / "a.jsonl")
    without_column(source / "b.jsonl")
    assert run(tmp_path, "--resume") == 3  # it fails again
    assert "1 of 3 inputs are not done" in capsys.readouterr().err
    as_jsonl(source / "b.jsonl", 3)
    assert run(tmp_path, "--resume") == 3
    assert "not done" not in capsys.readouterr().err


def test_a_mended_input_that_is_partly_done_must_stay_as_it_is_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = shards(tmp_path, "b.jsonl")
    assert run(tmp_path) == 3
    as_jsonl(source / "b.jsonl", 800)
    add = Journal.add

    def broken(self: Journal, line: dict[str, Any]) -> None:
        add(self, line)
        if line.get("rows") == 500:
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "add", broken)
    assert run(tmp_path, "--resume") == 130
    monkeypatch.setattr(Journal, "add", add)
    as_jsonl(source / "b.jsonl", 900)
    capsys.readouterr()
    assert run(tmp_path, "--resume") == 2
    assert f"the input {source / 'b.jsonl'} has changed" in capsys.readouterr().err
    as_jsonl(source / "b.jsonl", 800)
    assert run(tmp_path, "--resume") == 3
    assert len((tmp_path / "out" / "to" / "b.jsonl").read_bytes().splitlines()) == 800


def test_where_no_input_can_be_read_nothing_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    truncated(source / "a.jsonl.gz")
    without_column(source / "b.jsonl")
    assert main(["batch", str(source), str(tmp_path / "out"), "--workers", "1"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mtfix: none of the 2 inputs can be read; the first: {source / 'a.jsonl.gz'}: damaged")
    assert contents(tmp_path / "out") == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_an_input_that_cannot_be_opened_is_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = shards(tmp_path, "b.jsonl")
    from mtfix.batch import sources

    opened = sources.open_input

    def refused(path: str) -> Any:
        if path.endswith("b.jsonl"):
            raise PermissionError(13, "Permission denied")
        return opened(path)

    monkeypatch.setattr(sources, "open_input", refused)
    assert run(tmp_path) == 3
    assert f"not done: {source / 'b.jsonl'}: can't be read (Permission denied)" in capsys.readouterr().err
    gone = str(tmp_path / "gone")
    assert identity({}, inputs=[gone])[f"the input {gone}"] == f"{gone}: can't be read (No such file or directory)"


def test_names_are_registered_without_it(tmp_path: Path) -> None:
    shards(tmp_path, "b.jsonl")
    assert run(tmp_path, "--names-registry", str(tmp_path / "names.sqlite")) == 3
    assert sorted(contents(tmp_path / "out" / "to")) == ["a.jsonl", "c.jsonl"]
