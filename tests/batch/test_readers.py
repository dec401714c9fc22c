from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from mtfix.batch.readers import read_jsonl_rows, read_text_rows
from mtfix.batch.writers import jsonl_row, text_row

any_text = st.text(st.characters(codec=None, exclude_categories=()))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(any_text, json_values, max_size=4), any_text, any_text, st.booleans())
def test_jsonl_replaces_one_column(others: dict[str, object], text: str, replacement: str, escaped: bool) -> None:
    line = json.dumps({**others, "text": text}, ensure_ascii=escaped).encode("utf-8", "replace")
    (row,) = read_jsonl_rows(io.BytesIO(line), "in", "text")
    decoded = json.loads(line)
    assert row.text == decoded["text"]
    assert json.loads(jsonl_row(row, replacement)) == {**decoded, "text": replacement}


@given(st.binary())
def test_any_bytes_come_back_as_rows(data: bytes) -> None:
    data = data.replace(b"\0", b"")
    rows = list(read_text_rows(io.BytesIO(data), "in"))
    assert b"".join(row.data for row in rows) == data
    assert all(text_row(row, row.text) == row.data for row in rows if row.text is not None)
    lines = b'{"text": ""}\n' + data
    assert b"".join(row.data for row in read_jsonl_rows(io.BytesIO(lines), "in", "text")) == lines


def test_a_repeated_column_is_read_as_json_reads_it() -> None:
    (row,) = read_jsonl_rows(io.BytesIO(b'{"text": "a", "text": "b"}'), "in", "text")
    assert row.text == "b"
    assert jsonl_row(row, "c") == b'{"text": "a", "text": "c"}'
