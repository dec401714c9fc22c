from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from mtfix.batch.jsonl import JsonlReader
from mtfix.batch.lines import LineReader, LineRow, TextReader

any_text = st.text(st.characters(codec=None, exclude_categories=()))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def rows(reader: LineReader, data: bytes) -> list[LineRow]:
    return list(reader.rows(io.BytesIO(data)))  # type: ignore[arg-type]


@given(st.dictionaries(any_text, json_values, max_size=4), any_text, any_text, st.booleans())
def test_jsonl_replaces_one_column(others: dict[str, object], text: str, replacement: str, escaped: bool) -> None:
    line = json.dumps({**others, "text": text}, ensure_ascii=escaped).encode("utf-8", "replace")
    reader = JsonlReader("in", ["text"])
    (row,) = rows(reader, line)
    decoded = json.loads(line)
    assert row.texts == (decoded["text"],)
    assert reader.encoded(row, row.texts) == line
    assert json.loads(reader.encoded(row, (replacement,))) == {**decoded, "text": replacement}


@given(st.permutations(["a", "b", "c", "d"]), st.lists(any_text, min_size=4, max_size=4), any_text)
def test_jsonl_replaces_one_of_several_columns(order: list[str], texts: list[str], replacement: str) -> None:
    record = dict(zip(order, texts, strict=True))
    line = json.dumps(record).encode()
    reader = JsonlReader("in", ["c", "a"])
    (row,) = rows(reader, line)
    assert dict(zip(row.columns, row.texts, strict=True)) == {name: record[name] for name in ("a", "c")}
    changed = tuple(replacement if column == "a" else text for column, text in zip(row.columns, row.texts, strict=True))
    assert json.loads(reader.encoded(row, changed)) == {**record, "a": replacement}


@given(st.binary())
def test_any_bytes_come_back_as_rows(data: bytes) -> None:
    text = TextReader("in", ["text"])
    found = rows(text, b"." + data)  # else it may begin as a packed file does
    assert b"".join(row.data for row in found) == b"." + data
    assert all(text.encoded(row, row.texts) == row.data for row in found)
    lines = b'{"text": ""}\n' + data
    assert b"".join(row.data for row in rows(JsonlReader("in", ["text"]), lines)) == lines


def test_a_repeated_column_is_read_as_json_reads_it() -> None:
    reader = JsonlReader("in", ["text"])
    (row,) = rows(reader, b'{"text": "a", "text": "b"}')
    assert row.texts == ("b",)
    assert reader.encoded(row, ("c",)) == b'{"text": "a", "text": "c"}'
