from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtfix.batch import lines
from mtfix.batch.formats import Format, format_of
from mtfix.cli import main
from tests.batch.running import fake, rejects  # noqa: F401

JSONL = b'{"id": 1.50, "text": "teh \\u00e9"}\n{"id": 2, "text": "fine"}\n'


def run(*arguments: str | Path) -> int:
    return main(["batch", *map(str, arguments), "--workers", "1"])


def zstd(data: bytes) -> bytes:
    zstandard: Any = pytest.importorskip("zstandard")
    packed: bytes = zstandard.ZstdCompressor().compress(data)
    return packed


def unzstd(data: bytes) -> bytes:
    zstandard: Any = pytest.importorskip("zstandard")
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        return bytes(reader.read())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jsonl", "jsonl"),
        ("a.NDJSON.gz", "jsonl.gz"),
        ("b/c.d.csv.zst", "csv.zst"),
        ("x.tsv", "tsv"),
        ("x.txt", "text"),
        ("x.parquet", "parquet"),
    ],
)
def test_names_tell_formats(name: str, kind: str) -> None:
    assert str(format_of(name)) == kind


def test_a_name_in_another_format() -> None:
    assert Format("csv", "gz").named("a.b.jsonl.zst") == "a.b.csv.gz"
    assert Format("jsonl").named("notes.v2") == "notes.v2.jsonl"


@pytest.mark.parametrize(
    ("suffix", "pack", "unpack"), [(".gz", gzip.compress, gzip.decompress), (".zst", zstd, unzstd)]
)
def test_packed_files(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / f"in.jsonl{suffix}").write_bytes(pack(JSONL) + pack(JSONL) + pack(b""))
    assert run(tmp_path / f"in.jsonl{suffix}", tmp_path / f"out.jsonl{suffix}") == 0
    assert unpack((tmp_path / f"out.jsonl{suffix}").read_bytes()) == 2 * JSONL.replace(b"teh", b"the")


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd)])
def test_a_packed_file_that_is_cut_off_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    source = tmp_path / f"in.jsonl{suffix}"
    source.write_bytes(pack(b"".join(b'{"text": "%d"}\n' % (n * n) for n in range(20_000)))[:-20])
    assert run(source, tmp_path / "out.jsonl") == 2
    assert "damaged after row" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_a_folder_of_shards_goes_into_a_folder(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b/c.jsonl", "b/.hidden.jsonl", "b/readme.md"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(JSONL + b"not json\n" if "c" in name else JSONL)
    (tmp_path / "in" / "empty.csv").write_bytes(b"text\n")
    report = tmp_path / "report.jsonl"
    assert run(tmp_path / "in", tmp_path / "out", "--report", report) == 3
    out = tmp_path / "out"
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.*")) == ["a.jsonl", "b/c.jsonl", "empty.csv"]
    assert (out / "a.jsonl").read_bytes() == JSONL.replace(b"teh", b"the")
    assert (out / "b/c.jsonl").read_bytes() == JSONL.replace(b"teh", b"the") + b"not json\n"
    assert (out / "empty.csv").read_bytes() == b"text\n"
    (entry,) = map(json.loads, (tmp_path / "out.rejects.jsonl").read_text(encoding="utf-8").splitlines())
    assert (entry["file"], entry["row"]) == (str(tmp_path / "in/b/c.jsonl"), 3)
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [(Path(row["file"]).name, row["row"]) for row in told] == [
        ("a.jsonl", 1),
        ("a.jsonl", 2),
        ("c.jsonl", 1),
        ("c.jsonl", 2),
        ("c.jsonl", 3),
    ]


def test_a_pattern_and_another_format(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "c.txt"):
        (tmp_path / name).write_bytes(JSONL)
    assert run(tmp_path / "*.jsonl", f"{tmp_path}/out/", "--output-format", "csv.gz") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv.gz", "b.csv.gz"]
    assert gzip.decompress((tmp_path / "out" / "a.csv.gz").read_bytes()) == "id,text\n1.5,the é\n2,fine\n".encode()


def test_a_document_per_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.txt").write_bytes(b"\xef\xbb\xbfHere teh cat.\r\n\r\nteh end")
    (folder / "two.txt").write_bytes(b"")
    (folder / "three.txt").write_bytes(b"caf\xe9 teh\n")
    assert run(folder, tmp_path / "out", "--format", "document") == 3
    assert (tmp_path / "out" / "one.txt").read_bytes() == b"\xef\xbb\xbfHere the cat.\r\n\r\nthe end"
    assert (tmp_path / "out" / "two.txt").read_bytes() == b""
    assert (tmp_path / "out" / "three.txt").read_bytes() == b"caf\xe9 teh\n"


TABLE = 'id,text\n1,"teh, é"\n2,fine\n'.encode()
CONVERTED = {
    "jsonl": '{"id": "1", "text": "the, é"}\n{"id": "2", "text": "fine"}\n'.encode(),
    "csv": 'id,text\n1,"the, é"\n2,fine\n'.encode(),
    "tsv": "id\ttext\n1\tthe, é\n2\tfine\n".encode(),
    "text": "the, é\nfine\n".encode(),
}


@pytest.mark.parametrize("target", CONVERTED)
def test_the_name_of_the_output_tells_its_format(tmp_path: Path, target: str) -> None:
    (tmp_path / "in.csv").write_bytes(TABLE)
    out = tmp_path / f"out.{'txt' if target == 'text' else target}"
    assert run(tmp_path / "in.csv", out) == 0
    assert out.read_bytes() == CONVERTED[target]


def test_rows_without_a_place_in_another_format_are_in_the_rejects(tmp_path: Path) -> None:
    data = [b'{"text": "teh", "n": 1}', b"not json", b'{"text": "teh", "more": 2}', b'{"text": null, "n": 2}', b"\xff"]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(data))
    sampled = b"".join(b'{"text": "x", "n": 0}\n' for _ in range(1001))
    (tmp_path / "in.jsonl").write_bytes(sampled + b"\n".join(data))
    assert run(tmp_path / "in.jsonl", tmp_path / "out.csv") == 3
    assert (tmp_path / "out.csv").read_bytes().splitlines()[1002:] == [b"the,1", b",2"]
    told = [json.loads(line) for line in (tmp_path / "out.csv.rejects.jsonl").read_text("utf-8").splitlines()]
    assert [(entry["row"], entry.get("data"), entry.get("base64")) for entry in told] == [
        (1003, "not json\n", None),
        (1004, '{"text": "teh", "more": 2}\n', None),
        (1005, None, None),
        (1006, None, "/w=="),
    ]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv"])
def test_parquet_and_back(tmp_path: Path, suffix: str) -> None:
    pq: Any = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "in.csv").write_bytes(TABLE)
    assert run(tmp_path / "in.csv", tmp_path / "out.parquet") == 0
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"id": "1", "text": "the, é"},
        {"id": "2", "text": "fine"},
    ]
    assert run(tmp_path / "out.parquet", tmp_path / f"again{suffix}") == 0
    assert (tmp_path / f"again{suffix}").read_bytes() == CONVERTED[suffix[1:]]


def test_json_values_in_parquet_keep_their_types(tmp_path: Path) -> None:
    pq: Any = pytest.importorskip("pyarrow.parquet")
    rows = [
        {"text": "a", "i": 1, "f": 1, "b": True, "mixed": 1, "nested": {"x": [1]}},
        {"text": "b", "i": None, "f": 0.5, "b": False, "mixed": "one"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(tmp_path / "in.jsonl", tmp_path / "out.parquet") == 0
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"text": "a", "i": 1, "f": 1.0, "b": True, "mixed": "1", "nested": '{"x": [1]}'},
        {"text": "b", "i": None, "f": 0.5, "b": False, "mixed": "one", "nested": None},
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_that_is_full_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl").write_bytes(JSONL)
    assert run(tmp_path / "in.jsonl", "/dev/full", "--rejects", tmp_path / "rejects.jsonl") == 2
    assert "/dev/full: No space left on device" in capsys.readouterr().err


def test_a_blank_line_is_no_row_of_another_format(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "teh"}\n\n{"text": "BOOM"}\n')
    assert run(tmp_path / "in.jsonl", tmp_path / "out.csv") == 3
    assert (tmp_path / "out.csv").read_bytes() == b"text\nthe\nBOOM\n"
    assert rejects(tmp_path, ".csv").keys() == {3}  # the line of the input
    (tmp_path / "in.csv").write_bytes(b"id,text\n1,teh\n\n2,fine\n")
    assert run(tmp_path / "in.csv", tmp_path / "out.jsonl") == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"id": "1", "text": "the"}\n{"id": "2", "text": "fine"}\n'


def test_repeated_names_of_a_header_stay_and_are_told_for_another_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_bytes(b"x,x,text\n1,2,teh\n")
    assert run(tmp_path / "in.csv", tmp_path / "out.jsonl") == 2
    assert "in.csv: more than one column “x”; rename one, or keep the format" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
    assert run(tmp_path / "in.csv", tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_bytes() == b"x,x,text\n1,2,the\n"


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".tsv"])
def test_a_row_with_a_nul_is_left_alone_wherever_it_stands(tmp_path: Path, suffix: str) -> None:
    bad, good = {
        ".txt": (b"a\0b\n", b"teh\n"),
        ".jsonl": (b'{"text": "a\0b"}\n', b'{"text": "teh"}\n'),
        ".csv": (b"a\0b,1\n", b"teh,1\n"),
        ".tsv": (b"a\0b\t1\n", b"teh\t1\n"),
    }[suffix]
    header = {".csv": b"text,id\n", ".tsv": b"text\tid\n"}.get(suffix, b"")
    (tmp_path / f"in{suffix}").write_bytes(header + bad + good + bad)
    assert run(tmp_path / f"in{suffix}", tmp_path / f"out{suffix}") == 3
    assert (tmp_path / f"out{suffix}").read_bytes() == header + bad + good.replace(b"teh", b"the") + bad
    told = rejects(tmp_path, suffix)
    assert told.keys() == {1, 3}
    assert all("is NUL" in reason for reason in told.values())


@pytest.mark.parametrize("name", ["in.txt", "in.jsonl", "in.csv"])
def test_a_file_of_another_kind_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(JSONL))
    assert run(tmp_path / name, tmp_path / f"out-{name}") == 2
    assert f"{name}: it begins as gzip does" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".tsv"])
def test_a_row_that_is_too_long_passes_through(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1 << 10)
    form = {".txt": b"%s\n", ".jsonl": b'{"id": 1, "text": "%s"}\n', ".csv": b'1,"%s"\n', ".tsv": b"1\t%s\n"}[suffix]
    header = {".csv": b"id,text\n", ".tsv": b"id\ttext\n"}.get(suffix, b"")
    text = b"teh long row " * 1000
    data = header + form % b"teh" + form % text + form % b"teh" + (form % text)[:-1]
    (tmp_path / f"in{suffix}").write_bytes(data)
    assert run(tmp_path / f"in{suffix}", tmp_path / f"out{suffix}") == 3
    expected = header + form % b"the" + form % text + form % b"the" + (form % text)[:-1]
    assert (tmp_path / f"out{suffix}").read_bytes() == expected
    told = rejects(tmp_path, suffix)
    assert told.keys() == {2, 4}
    assert all(reason.startswith("longer than") for reason in told.values())


def test_a_document_that_is_too_long_passes_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1 << 10)
    (tmp_path / "in.txt").write_bytes(b"teh\n" * 1000)
    assert run(tmp_path / "in.txt", tmp_path / "out.txt", "--format", "document") == 3
    assert (tmp_path / "out.txt").read_bytes() == b"teh\n" * 1000
    assert rejects(tmp_path, ".txt").keys() == {1}


def test_a_row_that_is_too_long_is_told_with_its_start_when_it_has_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1 << 11)
    line = b'{"text": "' + b"x" * 3000 + b'"}\n'
    (tmp_path / "in.jsonl").write_bytes(line + JSONL)
    assert run(tmp_path / "in.jsonl", tmp_path / "out.csv") == 3
    assert (tmp_path / "out.csv").read_bytes() == "id,text\n1.5,the é\n2,fine\n".encode()
    (entry,) = map(json.loads, (tmp_path / "out.csv.rejects.jsonl").read_text("utf-8").splitlines())
    assert (entry["row"], entry["bytes"], entry["start"]) == (1, len(line), line[:1000].decode())


def test_quotation_marks_in_tsv_do_not_join_rows(tmp_path: Path) -> None:
    data = b'id\ttext\n1\t"Hello teh.\n2\tplain\n3\tIt is "teh" fine."\n4\t"teh" end\n5\t"open\n'
    (tmp_path / "in.tsv").write_bytes(data)
    assert run(tmp_path / "in.tsv", tmp_path / "out.tsv") == 0
    assert (tmp_path / "out.tsv").read_bytes() == data.replace(b"teh", b"the")
    assert run(tmp_path / "in.tsv", tmp_path / "out.jsonl") == 0
    texts = [json.loads(line)["text"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert texts == ['"Hello the.', "plain", 'It is "the" fine."', '"the" end', '"open']
