from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mtfix.batch.lines import LineRow
from mtfix.batch.tables import TableReader, table_line
from mtfix.files import InputError

cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12) | st.sampled_from(
    ["", '"', '""', 'say "so"', "a,b", "two\nlines", "tab\t", '"quoted"', '5" nail']
)
quoting = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])


def rows(reader: TableReader, data: bytes) -> list[LineRow]:
    return list(reader.rows(io.BytesIO(data)))


def written(table: list[list[str]], delimiter: str = ",", style: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=style, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return stream.getvalue().encode()


@given(
    st.lists(st.tuples(cells, cells, cells), max_size=5),
    cells,
    st.sampled_from([",", "\t"]),
    quoting,
    st.sampled_from(["\n", "\r\n"]),
)
@example([("\n", "0", "")], '0"', ",", csv.QUOTE_MINIMAL, "\n")
def test_tables_of_the_csv_module(
    table: list[tuple[str, str, str]], replacement: str, delimiter: str, style: int, end: str
) -> None:
    if delimiter == "\t" and style == csv.QUOTE_MINIMAL:  # a row is a line then, but for what can't be another
        table = [(number, text.replace("\n", " "), more) for number, text, more in table if "\n" not in number + more]
        replacement = replacement.replace("\n", " ")
    data = written([["id", "text", "more"], *map(list, table)], delimiter, style, end)
    reader = TableReader("in", ["text"], delimiter=delimiter)
    found = rows(reader, data)
    assert reader.header + b"".join(row.data for row in found) == data
    assert len(found) == len(table)
    for (number, text, more), row in zip(table, found, strict=True):
        assert row.reason is None
        assert reader.values(row, row.texts) == {"id": number, "text": text, "more": more}
        assert reader.encoded(row, row.texts) == row.data
        if row.texts:
            assert row.texts == (text,)
            again = TableReader("in", ["text"], delimiter=delimiter)
            (changed,) = rows(again, reader.header + reader.encoded(row, (replacement,)))
            assert again.values(changed, changed.texts) == {"id": number, "text": replacement, "more": more}


@given(st.binary())
def test_any_bytes_come_back_as_records(data: bytes) -> None:
    for delimiter in ",\t":
        reader = TableReader("in", ["text"], delimiter=delimiter)
        header = f"text{delimiter}a\n".encode()
        found = rows(reader, header + data)
        assert reader.header + b"".join(row.data for row in found) == header + data
        assert all(reader.encoded(row, row.texts) == row.data for row in found)


marks = st.text(st.sampled_from('"a \t'), max_size=6)


@given(st.lists(st.tuples(marks, marks, marks), min_size=1, max_size=4), marks)
def test_any_quotation_marks_in_tsv_come_back_as_values(table: list[tuple[str, str, str]], replacement: str) -> None:
    data = b"".join(table_line(cells, "\t") for cells in [("id", "text", "more"), *table])
    reader = TableReader("in", ["text"], delimiter="\t")
    found = rows(reader, data)
    assert [tuple((reader.values(row, row.texts) or {}).values()) for row in found] == table
    for row, (number, _, more) in zip(found, table, strict=True):
        if row.texts and "\t" not in replacement:
            changed = rows(
                TableReader("in", ["text"], delimiter="\t"), reader.header + reader.encoded(row, (replacement,))
            )
            assert reader.values(changed[0], changed[0].texts) == {"id": number, "text": replacement, "more": more}


def test_quotation_marks_of_a_tsv_corpus_are_text() -> None:
    lines = [
        b'1\t"Hello there.\n',
        b"2\tIt was plain.\n",
        b'3\tIt is fine."\n',
        b'4\t"Despite" of it.\n',
        b'5\t"All of it."\r\n',
        b'"6\t7"\n',
        b'7\t"She said ""no"" to it."\n',
        b'8\t"a\tb"\n',
        b'9\t"two\n',
        b"\n",
        b'lines"\n',
        b'10\t"never closed',
    ]
    reader = TableReader("in", ["text"], delimiter="\t")
    found = rows(reader, b"id\ttext\n" + b"".join(lines))
    assert [row.texts[0] for row in found] == [
        '"Hello there.',
        "It was plain.",
        'It is fine."',
        '"Despite" of it.',
        '"All of it."',
        '7"',
        'She said "no" to it.',
        "a\tb",
        "two\n\nlines",
        '"never closed',
    ]
    assert reader.encoded(found[0], ('"Hi there.',)) == b'1\t"Hi there.\n'
    assert reader.encoded(found[3], ('"Despite" it.',)) == b'4\t"Despite" it.\n'
    assert reader.encoded(found[6], ('She said "no" to him.',)) == b'7\t"She said ""no"" to him."\n'
    assert reader.encoded(found[6], ("She said no.",)) == b"7\tShe said no.\n"
    assert reader.encoded(found[7], ("a\tc",)) == b'8\t"a\tc"\n'


def test_tsv_with_a_header_in_quotation_marks_is_quoted() -> None:
    reader = TableReader("in", ["text"], delimiter="\t")
    (row,) = rows(reader, b'"id"\t"text"\n"1"\t"All of it."\n')
    assert row.texts == ("All of it.",)
    assert reader.encoded(row, ("All it.",)) == b'"1"\t"All it."\n'


def test_only_the_repaired_field_is_written_anew() -> None:
    reader = TableReader("in", ["text", "title"])
    header, line = b"\xef\xbb\xbf" + b'id,"text",title\r\n', b'"1",teh,"a ""b"" teh" \r\n'
    (row,) = rows(reader, header + line)
    assert row.columns == ("text", "title")
    assert row.texts == ("teh", '"a ""b"" teh" ')  # what goes on after its closing mark is taken as it stands
    (row,) = rows(reader, header + b'"1",teh,"a ""b"" teh"\r\n')
    assert row.texts == ("teh", 'a "b" teh')
    assert reader.encoded(row, ("the", 'a "b" the')) == b'"1",the,"a ""b"" the"\r\n'
    assert reader.encoded(row, ("the, so", 'a "b" teh')) == b'"1","the, so","a ""b"" teh"\r\n'


def test_bad_records_keep_to_themselves() -> None:
    data = b'id,text\n1,a\n2,"never closed\n3,b\n4,c,d\n\n5,caf\xe9\n6,"two\nlines"\n'
    found = rows(TableReader("in", ["text"]), data)
    assert [(row.number, row.texts, row.reason) for row in found] == [
        (1, ("a",), None),
        (2, (), "a quotation mark is opened and never closed"),
        (3, ("b",), None),
        (4, (), "it has 3 fields, and the header 2"),
        (5, (), None),
        (6, (), "byte 5 of the row isn't UTF-8"),
        (7, ("two\nlines",), None),
    ]


def test_a_missing_column_is_told() -> None:
    with pytest.raises(InputError, match="in: no column “text”; it has id, body; name it with --column"):
        rows(TableReader("in", ["text"]), b"id,body\n1,a\n")
