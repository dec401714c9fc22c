"""What a run reads and writes is looked at before anything is done, and nothing is lost."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from mtfix.cli import main
from tests.batch.running import fake  # noqa: F401

ROWS = b'{"text": "teh"}\n{"text": "fine"}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a corpus and a glossary."""
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_bytes(ROWS)
    Path("terms.csv").write_bytes(b"canonical,variants\nTariq,Tarik\n")


def run(*arguments: str) -> int:
    return main(["batch", *arguments, "--workers", "1"])


def contents() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("in.jsonl out.jsonl --rejects in.jsonl", "in.jsonl: this is IN, it can't be --rejects too"),
        ("in.jsonl out.jsonl --rejects ./x/../in.jsonl", "this is IN, it can't be --rejects too"),
        ("in.jsonl out.jsonl --report link.jsonl", "link.jsonl: this is IN, it can't be --report too"),
        ("in.jsonl out.jsonl --report out.jsonl", "out.jsonl: this is OUT, it can't be --report too"),
        ("in.jsonl out.json --output-format jsonl --summary out.json", "this is OUT, it can't be --summary too"),
        ("in.jsonl out.jsonl --report r.jsonl --rejects r.jsonl", "this is --report, it can't be --rejects too"),
        ("in.jsonl out.jsonl --glossary terms.csv --report terms.csv", "name it .jsonl or .parquet"),
        ("in.jsonl terms.csv --glossary terms.csv", "terms.csv: this is --glossary, it can't be OUT too"),
        ("in.jsonl out.jsonl --ignore keys --rejects keys", "keys: this is --ignore, it can't be --rejects too"),
        ("in.jsonl out.jsonl --names-registry out.jsonl", "this is OUT, it can't be --names-registry too"),
        ("in.jsonl out.jsonl --report .out.jsonl.journal.jsonl", "it can't be the journal too"),
        ("out.jsonl.rejects.jsonl out.jsonl", "this is IN, it can't be the file of the rejects too"),
        ("in.jsonl - --report -", "-: this is OUT, it can't be --report too"),
        ("in.jsonl more.jsonl .", "several files can't be repaired in place"),
        ("in.jsonl out.jsonl --summary no/s.json", "no is no folder); choose another place"),
        ("in.jsonl out.jsonl --report no/r.jsonl", "no is no folder); choose another place"),
        ("in.jsonl out.jsonl --names-registry no/n", "no is no folder); choose another place"),
        ("in.jsonl out.jsonl --rejects folder", "folder: can't be written (this is a directory)"),
        ("in.jsonl out.jsonl --rejects r.parquet", "r.parquet: this is written as jsonl; name it .jsonl"),
        ("in.jsonl out.jsonl --report r.json", "r.json: this is written as jsonl or parquet; name it"),
        ("in.jsonl out.jsonl --names-registry n --no-names", "--names-registry, --no-names"),
        ("in.jsonl out.jsonl.bz2", "no format is known by “.bz2”; name it .jsonl, .ndjson, .csv"),
        ("in.jsonl out.json", "no format is known by “.json”"),
    ],
)
def test_what_will_not_do_is_refused_before_anything_is_done(
    arguments: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("link.jsonl").symlink_to("in.jsonl")
    Path("folder").mkdir()
    Path("x").mkdir()
    for name in ("more.jsonl", "out.jsonl.rejects.jsonl", "keys"):
        Path(name).write_bytes(ROWS)
    before = contents()
    assert run(*arguments.split()) == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1
    assert contents() == before


def test_one_file_may_be_its_own_output_and_a_device_have_several_uses() -> None:
    assert run("in.jsonl", "./in.jsonl") == 0
    assert Path("in.jsonl").read_bytes() == ROWS.replace(b"teh", b"the")
    assert run("in.jsonl", "/dev/null", "--report", "/dev/null", "--rejects", "/dev/null") == 0


def test_rejects_that_are_named_are_written_and_never_removed() -> None:
    Path("mine.jsonl").write_bytes(b"old\n")
    assert run("in.jsonl", "out.jsonl", "--rejects", "mine.jsonl") == 0
    assert Path("mine.jsonl").read_bytes() == b""


def test_a_column_that_is_given_twice_counts_once() -> None:
    assert run("in.jsonl", "out.jsonl", "--column", "text", "--column", "text") == 0
    assert Path("out.jsonl").read_bytes() == ROWS.replace(b"teh", b"the")


def test_what_a_run_writes_is_no_corpus() -> None:
    folder = Path("kf")
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(ROWS)
    (folder / "b.jsonl").write_bytes(ROWS)
    (folder / "old.rejects.jsonl").write_bytes(ROWS)
    for _ in range(2):
        assert run("kf", "kf/out", "--report", "kf/report.jsonl", "--rejects", "kf/rejected.jsonl") == 0
        assert sorted(path.name for path in (folder / "out").rglob("*")) == ["a.jsonl", "b.jsonl"]
    assert run("kf/**/*.jsonl", "kf/out", "--report", "kf/report.jsonl", "--rejects", "kf/rejected.jsonl") == 0
    assert sorted(path.name for path in (folder / "out").rglob("*")) == ["a.jsonl", "b.jsonl"]


def test_a_file_above_the_folder_comes_out_inside_of_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("x", "w"):
        Path(name).mkdir()
        Path(name, "a.jsonl").write_bytes(ROWS)
    monkeypatch.chdir("w")
    assert run("../x/a.jsonl", "a.jsonl", "out/") == 0
    assert Path("../x/a.jsonl").read_bytes() == ROWS
    assert sorted(str(path) for path in Path("out").rglob("*.jsonl")) == ["out/w/a.jsonl", "out/x/a.jsonl"]


def test_standard_input_takes_the_format_of_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ROWS)))
    assert run("-", "so.jsonl") == 0
    assert Path("so.jsonl").read_bytes() == ROWS.replace(b"teh", b"the")


def test_a_format_that_was_told_by_the_output_is_told_in_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plain").write_bytes(b"Here teh cat.\n")
    assert run("plain", "plain.csv") == 2
    assert "(it is read as csv, as plain.csv is; --format names another)" in capsys.readouterr().err


def test_several_summaries() -> None:
    assert run("in.jsonl", "out.jsonl", "--summary", "a.json", "--summary", "b.html", "--dry-run") == 0
    assert json.loads(Path("a.json").read_bytes())["rows"] == 2
    page = Path("b.html").read_text("utf-8")
    assert "<td>input</td><td>in.jsonl</td>" in page
    assert "<td>output</td><td>none (a dry run)</td>" in page
    assert "['" not in page
    assert "0.0<" not in page
