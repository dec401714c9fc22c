from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix import commands
from mtfix.cli import main
from tests import fake_fixer
from tests.batch.running import fake, rejects  # noqa: F401


def batch(tmp_path: Path, data: bytes, *arguments: str, suffix: str = ".jsonl") -> tuple[int, bytes]:
    source, target = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    source.write_bytes(data)
    code = main(["batch", str(source), str(target), "--workers", "1", *arguments])
    return code, target.read_bytes() if target.exists() else b""


def test_jsonl_changes_the_column_and_not_a_byte_else(tmp_path: Path) -> None:
    before = (
        b'{"id": 1.50, "text": "Here teh cat.", "n": 1e5, "u": "caf\\u00e9", "a" : [1,2 ] }\r\n'
        b'{"text":"All \\/ well","b":{"text":"teh"}}\n'
        b"\n"
        b'  {"x": "teh", "text": "teh caf\\u00e9 \\"q\\""}  \n'
        + '{"text": "teh “naïve” cat", "teh": 12345678901234567890}'.encode()
    )
    code, after = batch(tmp_path, before)
    assert code == 0
    assert after == (
        b'{"id": 1.50, "text": "Here the cat.", "n": 1e5, "u": "caf\\u00e9", "a" : [1,2 ] }\r\n'
        b'{"text":"All \\/ well","b":{"text":"teh"}}\n'
        b"\n"
        b'  {"x": "teh", "text": "the caf\\u00e9 \\"q\\""}  \n'
        + '{"text": "the “naïve” cat", "teh": 12345678901234567890}'.encode()
    )
    assert not (tmp_path / "out.jsonl.rejects.jsonl").exists()


def test_another_column(tmp_path: Path) -> None:
    code, after = batch(tmp_path, b'{"text": "teh", "body": "teh"}\n', "--column", "body")
    assert (code, after) == (0, b'{"text": "teh", "body": "the"}\n')


def test_text_keeps_lines_as_they_are(tmp_path: Path) -> None:
    before = "\ufeffHere teh cat.\r\n\r\n  teh\u2028x\u0085 \n\nlast teh".encode()
    code, after = batch(tmp_path, before, suffix=".txt")
    assert (code, after) == (0, before.replace(b"teh", b"the"))


DIRTY = (
    b'{"text": "teh 1"}\n'
    b"not json\n"
    b'{"other": "teh"}\n'
    b'{"text": null}\n'
    b'{"text": "BOOM"}\n'
    b'{"text": "caf\xe9 teh"}\n'
    b'["text"]\n'
    b'{"text": "teh"} more\n'
    b'{"text": "teh"\n' + b'{"text": ' + b"[" * 100_000 + b"}\n"
    b'{"text": "teh \\ud800"}\n'
    b'{"text": "teh 2"}\n'
)


def test_dirty_rows_pass_through_and_are_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, after = batch(tmp_path, DIRTY)
    assert code == 3
    expected = DIRTY.splitlines(keepends=True)
    for repaired in (0, 10, 11):
        expected[repaired] = expected[repaired].replace(b"teh", b"the")
    assert after.splitlines(keepends=True) == expected
    reasons = rejects(tmp_path)
    assert sorted(reasons) == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert "not a JSON object" in reasons[2]
    assert "no column “text”; it has other" in reasons[3]
    assert "not a string" in reasons[4]
    assert "RuntimeError: boom" in reasons[5]
    assert "byte 13 of the row isn't UTF-8" in reasons[6]
    assert capsys.readouterr().err.startswith("mtfix: 12 rows, 3 changed (25.0%), 9 rejected")


def test_bytes_that_are_not_utf_8_stay_the_same_bytes(tmp_path: Path) -> None:
    code, after = batch(tmp_path, b"teh\ncaf\xe9 teh\n", suffix=".txt")
    assert (code, after) == (3, b"the\ncaf\xe9 teh\n")
    assert "byte 3" in rejects(tmp_path, ".txt")[2]


def test_another_encoding(tmp_path: Path) -> None:
    code, after = batch(tmp_path, b"caf\xe9 teh\n", "--encoding", "cp1252", suffix=".txt")
    assert (code, after) == (0, b"caf\xe9 the\n")


def test_a_clean_run_removes_the_rejects_of_an_earlier_one(tmp_path: Path) -> None:
    assert batch(tmp_path, b"x\n\xff\n", suffix=".txt")[0] == 3
    assert batch(tmp_path, b"x\n", suffix=".txt")[0] == 0
    assert not (tmp_path / "out.txt.rejects.jsonl").exists()


def test_a_missing_column_in_the_first_row_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, after = batch(tmp_path, b'\n{"id": 1, "body": "teh"}\n{"text": "teh"}\n')
    assert (code, after) == (2, b"")
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "in.jsonl, row 2: no column “text”; it has id, body" in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_binary_file_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = batch(tmp_path, b"PK\x03\x04\x08\x00\x00\n")
    assert code == 2
    assert "begins as zip does" in capsys.readouterr().err


def test_an_empty_corpus_gives_an_empty_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert batch(tmp_path, b"") == (0, b"")
    assert capsys.readouterr().err.startswith("mtfix: 0 rows")


def test_report_has_a_line_for_every_row(tmp_path: Path) -> None:
    report = tmp_path / "out.issues.jsonl"
    batch(tmp_path, b'{"text": "teh wrold"}\n\nnot json\n{"text": "fine"}\n', "--report", str(report))
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in rows] == [1, 2, 3, 4]
    assert [len(row["issues"]) for row in rows] == [2, 0, 0, 0]
    assert rows[0]["edits"][0]["replacement"] == "the"
    assert rows[0]["edits"][0]["issues"] == [rows[0]["issues"][0]["key"]]
    assert "not a JSON object" in rows[2]["rejected"]


def test_standard_input_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"teh\n\xff\n")))
    assert main(["batch", "-", "-", "--format", "text", "--workers", "1"]) == 3
    out, err = capsysbinary.readouterr()
    assert out == b"the\n\xff\n"
    assert b"row 2: byte 0" in err


def test_in_place(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(b"teh\n" * 1000)
    assert main(["batch", str(path), str(path)]) == 0
    assert path.read_bytes() == b"the\n" * 1000


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    data = b"".join(b'{"id": %d, "text": "teh %s"}\n' % (i, b"x" * (i % 97)) for i in range(400)) + DIRTY
    results = []
    for workers in ("1", "2", "3"):
        report = tmp_path / "report.jsonl"
        code, after = batch(tmp_path, data, "--workers", workers, "--report", str(report))
        assert code == 3
        results.append((after, report.read_bytes(), rejects(tmp_path)))
    assert results[0] == results[1] == results[2]


def test_a_bad_option_in_a_worker_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load_failing)
    code, after = batch(tmp_path, b"x\n", "--workers", "2", suffix=".txt")
    assert (code, after) == (2, b"")
    assert capsys.readouterr().err == "mtfix: model “nope” isn't there; choose another\n"
