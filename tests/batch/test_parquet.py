from __future__ import annotations

import base64
import csv
import datetime
import decimal
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtfix.batch.parquet import ParquetReader
from mtfix.cli import main
from tests.batch.running import fake, rejects  # noqa: F401

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def batch(tmp_path: Path, table: Any, *arguments: str, **writing: Any) -> tuple[int, Any]:
    pq.write_table(table, tmp_path / "in.parquet", **writing)
    code = main(["batch", str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet"), "--workers", "1", *arguments])
    return code, pq.read_table(tmp_path / "out.parquet") if (tmp_path / "out.parquet").exists() else None


def test_other_columns_and_their_types_stay(tmp_path: Path) -> None:
    count = 250  # more than one batch
    columns = {
        "when": pa.array([datetime.datetime(2024, 1, 2, 3, 4, 5, 6)] * count, pa.timestamp("ns", "UTC")),
        "text": pa.array([f"teh {number}" if number % 3 else "fine" for number in range(count)]),
        "money": pa.array([decimal.Decimal("1.50")] * count),
        "kind": pa.array(["a", None] * (count // 2)).dictionary_encode(),
        "nested": pa.array([{"text": "teh", "list": [1, None]}] * count),
        "raw": pa.array([b"\xff\x00"] * count),
        "float": pa.array([float("nan"), 0.1] * (count // 2), pa.float32()),
    }
    table = pa.table(columns).replace_schema_metadata({"source": "somewhere"})
    code, after = batch(tmp_path, table, row_group_size=70)
    assert code == 0
    texts = pa.array([text.replace("teh", "the") for text in columns["text"].to_pylist()])
    read = pq.read_table(tmp_path / "in.parquet")
    expected = read.set_column(1, "text", texts)
    assert after.schema.equals(expected.schema, check_metadata=True)
    assert after.drop_columns("float").equals(expected.drop_columns("float"))
    assert [repr(x) for x in after["float"].to_pylist()] == [repr(x) for x in expected["float"].to_pylist()]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_every_type_of_text(tmp_path: Path, kind: Any) -> None:
    code, after = batch(tmp_path, pa.table({"text": pa.array(["teh", "é", ""]).cast(kind)}))
    assert (code, after) == (0, pa.table({"text": pa.array(["the", "é", ""]).cast(kind)}))


def test_nulls_and_bad_bytes_pass_through(tmp_path: Path) -> None:
    bad = pa.array([b"teh", None, b"caf\xe9 teh", b"teh"]).cast(pa.string(), safe=False)
    code, after = batch(tmp_path, pa.table({"text": bad, "n": [1, 2, 3, 4]}))
    assert code == 3
    assert after["text"].cast(pa.binary()).to_pylist() == [b"the", None, b"caf\xe9 teh", b"the"]
    assert rejects(tmp_path, ".parquet") == {
        2: "column “text” is not a string",
        3: "byte 3 of column “text” isn't UTF-8",
    }


def test_several_columns(tmp_path: Path) -> None:
    table = pa.table({"a": ["teh"], "b": ["teh"], "c": ["teh"]})
    code, after = batch(tmp_path, table, "--column", "c", "--column", "a")
    assert (code, after.to_pylist()) == (0, [{"a": "the", "b": "teh", "c": "the"}])


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int8())})
    assert batch(tmp_path, table) == (0, table)


@pytest.mark.parametrize(
    ("column", "words"), [("body", "no column “body”; it has text, n"), ("n", "column “n” holds int64, not text")]
)
def test_a_column_that_will_not_do(tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, words: str) -> None:
    assert batch(tmp_path, pa.table({"text": ["a"], "n": [1]}), "--column", column) == (2, None)
    assert words in capsys.readouterr().err


def test_what_is_no_parquet_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.parquet").write_bytes(b"text\n")
    assert main(["batch", str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet")]) == 2
    assert "in.parquet: not a Parquet file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_a_report_in_parquet(tmp_path: Path) -> None:
    report = tmp_path / "issues.parquet"
    batch(tmp_path, pa.table({"text": ["teh wrold", None, "fine"]}), "--report", str(report))
    rows = pq.read_table(report).to_pylist()
    assert [row["row"] for row in rows] == [1, 2, 3]
    assert [row["rejected"] for row in rows] == [None, "column “text” is not a string", None]
    assert [issue["text"] for issue in rows[0]["issues"]] == ["teh", "wrold"]
    assert rows[0]["edits"][0]["replacement"] == "the"
    assert rows[0]["edits"][0]["issues"] == [rows[0]["issues"][0]["key"]]


def test_parquet_on_standard_output(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "in.csv").write_bytes(b"id,text\n1,teh\n")
    assert main(["batch", str(tmp_path / "in.csv"), "-", "--output-format", "parquet", "--workers", "1"]) == 0
    out = capsysbinary.readouterr().out
    assert pq.read_table(pa.BufferReader(out)).to_pylist() == [{"id": "1", "text": "the"}]


@pytest.mark.parametrize("codec", ["zstd", "gzip", "snappy", "none"])
def test_the_codec_stays(tmp_path: Path, codec: str) -> None:
    table = pa.table({"text": ["teh"] * 250, "n": list(range(250))}).replace_schema_metadata({"source": "somewhere"})
    assert batch(tmp_path, table, compression=codec)[0] == 0
    before, after = (pq.ParquetFile(tmp_path / f"{name}.parquet") for name in ("in", "out"))
    for column in (0, 1):
        codecs = [file.metadata.row_group(0).column(column).compression for file in (before, after)]
        assert codecs[0] == codecs[1]
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)


def test_large_rows_are_read_a_few_at_a_time(tmp_path: Path) -> None:
    texts = [f"{number} " + "x" * 2_000_000 for number in range(6)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet", use_dictionary=False)
    with (tmp_path / "in.parquet").open("rb") as stream:
        rows = list(ParquetReader("in", ["text"]).rows(stream))
    assert [row.texts for row in rows] == [(text,) for text in texts]
    assert max(row.batch.nbytes for row in rows) < 6_000_000


def test_parquet_through_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": ["teh", "fine"]}), stream)
    with subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.stdout.buffer.write({stream.getvalue()!r})"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(process.stdout))
        arguments = ["--format", "parquet", "--output-format", "jsonl", "--workers", "1"]
        assert main(["batch", "-", str(tmp_path / "out.jsonl"), *arguments]) == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"text": "the"}\n{"text": "fine"}\n'


def converted(tmp_path: Path, table: Any, suffix: str) -> tuple[int, list[str], list[dict[str, Any]]]:
    """Return the exit code, the lines of the output and the rejects."""
    pq.write_table(table, tmp_path / "in.parquet")
    out = tmp_path / f"out{suffix}"
    code = main(["batch", str(tmp_path / "in.parquet"), str(out), "--workers", "1"])
    told = tmp_path / f"{out.name}.rejects.jsonl"
    left = told.read_text("utf-8").splitlines() if told.exists() else []
    return code, out.read_text("utf-8").splitlines(), [json.loads(line) for line in left]


def test_values_of_every_type_have_a_place_in_another_format(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["teh"],
            "at": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns")),
            "zoned": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns", "Europe/Berlin")),
            "far": pa.array([10**15], pa.timestamp("ms")),
            "day": pa.array([datetime.date(2024, 1, 2)]),
            "time": pa.array([3_000_000_001], pa.time64("ns")),
            "lasts": pa.array([-1_500_000_000], pa.duration("ns")),
            "raw": [b"\xff\x00"],
            "nested": [{"when": [datetime.datetime(2024, 1, 2)], "raw": b"\xff"}],
            "money": [decimal.Decimal("1.50")],
            "kind": pa.array(["a"]).dictionary_encode(),
            "none": pa.array([None], pa.int8()),
        }
    )
    values = {
        "text": "the",
        "at": "2023-11-14T22:13:20.000000001",
        "zoned": "2023-11-14T22:13:20.000000001+00:00",
        "far": "33658-09-27T01:46:40.000",
        "day": "2024-01-02",
        "time": "00:00:03.000000001",
        "lasts": "-PT1.500000000S",
        "raw": "/wA=",
        "nested": {"when": ["2024-01-02T00:00:00.000000"], "raw": "/w=="},
        "money": "1.50",
        "kind": "a",
        "none": None,
    }
    code, (line,), rejects = converted(tmp_path, table, ".jsonl")
    assert (code, json.loads(line), rejects) == (0, values, [])
    code, lines, rejects = converted(tmp_path, table, ".csv")
    cells = [
        value if isinstance(value, str) else "" if value is None else json.dumps(value) for value in values.values()
    ]
    assert (code, list(csv.reader(lines)), rejects) == (0, [list(values), cells], [])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_row_whose_text_is_not_utf8_is_whole_in_the_rejects(tmp_path: Path, suffix: str) -> None:
    bad = pa.array([b"teh", b"caf\xe9", b"teh"]).cast(pa.string(), safe=False)
    other = pa.array([b"a", b"b", b"\xff!"]).cast(pa.string(), safe=False)
    table = pa.table({"id": [1, 2, 3], "text": bad, "other": other, "raw": [b"\xff"] * 3})
    code, lines, rejects = converted(tmp_path, table, suffix)
    assert code == 3
    assert len(lines) == 1 + (suffix == ".csv")
    assert [entry["row"] for entry in rejects] == [2, 3]
    assert [entry["reason"] for entry in rejects] == [
        "byte 3 of column “text” isn't UTF-8",
        "byte 0 of column “other” isn't UTF-8",
    ]
    text = {"base64": base64.b64encode(b"caf\xe9").decode()}
    assert [entry["values"] for entry in rejects] == [
        {"id": 2, "text": text, "other": "b", "raw": "/w=="},
        {"id": 3, "text": "teh", "other": {"base64": "/yE="}, "raw": "/w=="},
    ]


def test_repeated_names_are_told_when_another_format_would_lose_a_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array(["teh"])], names=["x", "x", "text"])
    pq.write_table(table, tmp_path / "in.parquet")
    assert main(["batch", str(tmp_path / "in.parquet"), str(tmp_path / "out.jsonl"), "--workers", "1"]) == 2
    assert "in.parquet: more than one column “x”; rename one" in capsys.readouterr().err
    assert main(["batch", str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet"), "--workers", "1"]) == 0
    after = pq.ParquetFile(tmp_path / "out.parquet").read()
    assert [after.column(index).to_pylist() for index in range(3)] == [[1], [2], ["the"]]
