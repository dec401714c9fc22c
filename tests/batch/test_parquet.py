from __future__ import annotations

import datetime
import decimal
from pathlib import Path
from typing import Any

import pytest

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
