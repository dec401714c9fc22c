from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mtfix
from mtfix import commands
from mtfix.cli import main
from mtfix.files import read_text
from tests import fake_fixer


@pytest.fixture(autouse=True)
def fixer(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Commands get the fake fixer; returns the options that it was loaded with."""
    loaded: list[dict[str, object]] = []

    def load(**options: object) -> fake_fixer.FakeFixer:
        loaded.append(options)
        return fake_fixer.FakeFixer(**options)

    monkeypatch.setattr(commands, "load_fixer", load)
    return loaded


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def failed(capsys: pytest.CaptureFixture[str], code: int) -> str:
    """Assert that a command failed as promised and return its one line."""
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.startswith("mtfix: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Here teh cat.", b"Here the cat."),
        (b"Here teh cat.\n", b"Here the cat.\n"),
        (b"A teh\r\nb\rc\n\n\r\n", b"A the\r\nb\rc\n\n\r\n"),
        (b"\xef\xbb\xbfA teh\r\n", b"\xef\xbb\xbfA the\r\n"),
        ("Ünï teh ’\u2028x\u0085".encode(), "Ünï the ’\u2028x\u0085".encode()),
        (b" \n", b" \n"),
    ],
)
def test_clean_keeps_every_other_byte(tmp_path: Path, before: bytes, after: bytes) -> None:
    output = tmp_path / "out.txt"
    assert main(["clean", written(tmp_path / "in.txt", before), "--output", str(output)]) == 0
    assert output.read_bytes() == after


def test_clean_prints_the_very_bytes(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["clean", written(tmp_path / "in.txt", b"\xef\xbb\xbfA teh\r\nb")]) == 0
    assert capsysbinary.readouterr().out == b"\xef\xbb\xbfA the\r\nb"


def test_clean_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    stdin(monkeypatch, b"teh\r\n")
    assert main(["clean", "-"]) == 0
    assert capsysbinary.readouterr().out == b"the\r\n"


def test_clean_may_overwrite_its_input(tmp_path: Path) -> None:
    path = written(tmp_path / "in.txt", b"teh")
    assert main(["clean", path, "--output", path]) == 0
    assert Path(path).read_bytes() == b"the"
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.txt"]


def test_diff_is_printed_instead_of_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "in.txt", b"Here teh cat. Not shown.")
    assert main(["clean", path, "--diff"]) == 0
    out = capsys.readouterr().out
    assert "[-teh-]{+the+}" in out
    assert "Not shown" not in out


def test_color_only_when_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "in.txt", b"Here teh cat.")
    main(["clean", path, "--diff", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["clean", path, "--diff"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    main(["clean", path, "--diff"])
    assert "\x1b[" not in capsys.readouterr().out


def test_diff_of_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", written(tmp_path / "in.txt", b"Fine."), "--diff"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "nothing to change" in err


def test_report_is_written_beside_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "out.html"
    assert main(["clean", written(tmp_path / "a & b.txt", b"teh"), "--report", str(report)]) == 0
    assert capsys.readouterr().out == "the"
    page = report.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "a &amp; b.txt" in page


def test_check_lists_issues_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "in.txt", b"\xef\xbb\xbfteh\r\nA wrold")
    assert main(["check", path]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{path}:1:1: minor spelling: A misspelling.")
    assert lines[1] == "    teh"
    assert lines[4].startswith(f"{path}:2:3: minor spelling: A misspelling.")
    assert lines[5] == "    A wrold"


def test_check_exits_0_without_issues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", written(tmp_path / "in.txt", b"Fine.")]) == 0
    assert capsys.readouterr().out.startswith("0 issues in 1 word of 1 file; quality score 100.0")


def test_check_json_has_files_issues_and_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [written(tmp_path / "a.txt", "é\nteh".encode()), written(tmp_path / "b.txt", b"Fine.")]
    assert main(["check", *paths, "--format", "json"]) == 1
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert (first["path"], second["path"], second["issues"]) == (*paths, [])
    found = first["issues"][0]
    assert (found["line"], found["column"], found["start"], found["text"]) == (2, 1, 2, "teh")
    assert {"category", "severity", "confidence", "message", "suggestions", "detector", "key"} <= found.keys()


def test_check_goes_on_after_an_unreadable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path / "a.txt", b"teh")
    assert main(["check", str(tmp_path / "no.txt"), good]) == 2
    out, err = capsys.readouterr()
    assert out.startswith(good)
    assert err.count("\n") == 1
    assert "no.txt: no such file" in err


def test_options_reach_the_fixer(tmp_path: Path, fixer: list[dict[str, object]]) -> None:
    ignore = written(tmp_path / "ignore.txt", b"# reviewed\nabc123  # twice\n\ndef456\n")
    path = written(tmp_path / "in.txt", b"Fine.")
    given = "--strength thorough --source ar --glossary g.yaml --gazetteer z.yaml --categories grammar,entity"
    given += " --no-names --no-regenerate --model m --backend torch --device cuda --threads 3"
    given += " --rules one.yaml --rules two.yaml"
    assert main(["clean", path, "--ignore", ignore, "--prefix", "Fix: ", *given.split()]) == 0
    assert main(["clean", path]) == 0
    assert fixer == [
        {
            "strength": "thorough",
            "source": "ar",
            "glossary": "g.yaml",
            "gazetteer": "z.yaml",
            "ignore": frozenset({"abc123", "def456"}),
            "categories": frozenset({"grammar", "entity"}),
            "names": False,
            "regenerate": False,
            "model": "m",
            "prefix": "Fix: ",
            "backend": "torch",
            "device": "cuda",
            "threads": 3,
            "rules": ["one.yaml", "two.yaml"],
        },
        {},
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty, nothing to repair"),
        (b"\xef\xbb\xbf", "empty, nothing to repair"),
        (b"caf\xe9 teh", "byte 3 (0xE9) isn't UTF-8; name the encoding with --encoding"),
        (b"\xef\xbb\xbfcaf\xe9", "byte 6 (0xE9) isn't UTF-8"),
        (b"ok \xc3", "byte 3 (0xC3) isn't UTF-8"),
        (b"PK\x00\x01", "binary file (byte 2 is NUL)"),
        ("teh".encode("utf-16"), "--encoding utf-16"),
    ],
)
@pytest.mark.parametrize("command", ["clean", "check"])
def test_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, data: bytes, words: str) -> None:
    path = written(tmp_path / "in.txt", data)
    message = failed(capsys, main([command, path]))
    assert words in message
    assert path in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["clean", "{tmp}/no.txt"], "no.txt: no such file"),
        (["clean", "{tmp}"], "this is a directory"),
        (["clean"], "required: FILE"),
        ([], "required: COMMAND"),
        (["mend"], "invalid choice: 'mend'"),
        (["clean", "{ok}", "--encoding", "klingon"], "--encoding klingon: unknown encoding"),
        (["clean", "{ok}", "--encoding", "base64"], "--encoding base64: unknown encoding"),
        (
            ["clean", "{ok}", "--categories", "grammar,typos"],
            "unknown issue type “typos”; there are terminology",
        ),
        (["clean", "{ok}", "--threads", "0"], "--threads"),
        (["clean", "{ok}", "--ignore", "{tmp}/no.keys"], "no.keys: no such file"),
        (["clean", "{ok}", "--output", "{tmp}/no/out.txt"], "out.txt: can't be written"),
        (["clean", "{ok}", "--output", "{tmp}"], "can't be written (this is a directory)"),
        (["clean", "{ok}", "--report", "{ok}/out.html"], "out.html: can't be written"),
        (["evaluate", "--set", "x", "--data", "{tmp}/no"], "no such folder"),
        (["batch", "-", "{tmp}/out"], "say --format jsonl, csv"),
        (["batch", "{tmp}/no.txt", "{tmp}/out.txt"], "no.txt: no such file"),
        (["batch", "{ok}", "{tmp}/out.txt", "--format", "xml"], "--format xml: unknown; choose jsonl, csv"),
        (["batch", "{ok}", "{tmp}/out.txt", "--output-format", "parquet.gz"], "Parquet is compressed inside"),
        (["batch", "{ok}", "{tmp}/out.txt", "--report", "{tmp}/report.csv"], "name it .jsonl or .parquet"),
        (["batch", "{ok}", "{tmp}/out.txt", "--summary", "{tmp}/summary.txt"], "name it .json or .html"),
        (["batch", "{ok}", "-", "--resume"], "can't be read or written again"),
        (["batch", "{ok}", "{ok}", "{tmp}/out/"], "two inputs would come out under this name"),
        (["batch", "{ok}", "{ok}", "{ok}"], "OUT must be a folder"),
        (["batch", "{tmp}/*.csv", "{tmp}/out.csv"], "no file matches this pattern"),
        (["batch", "{ok}", "{tmp}/no/out.txt"], "out.txt: can't be written"),
        (["batch", "{ok}", "{tmp}/out.txt", "--encoding", "utf-16"], "convert the corpus to UTF-8"),
    ],
)
def test_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    ok = written(tmp_path / "ok.txt", b"Here teh cat.\n")
    message = failed(capsys, main([argument.format(tmp=tmp_path, ok=ok) for argument in arguments]))
    assert words in message
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["ok.txt"]


def test_a_bad_option_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load_failing)
    message = failed(capsys, main(["clean", written(tmp_path / "in.txt", b"x")]))
    assert message == "mtfix: model “nope” isn't there; choose another\n"


def test_a_missing_extra_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(**_: object) -> None:
        raise ImportError("the torch backend isn't installed: pip install 'mtfix[torch]'")

    monkeypatch.setattr(commands, "load_fixer", load)
    message = failed(capsys, main(["clean", written(tmp_path / "in.txt", b"x")]))
    assert "pip install 'mtfix[torch]'" in message


def test_a_failed_run_leaves_the_old_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load_failing)
    output = tmp_path / "out.txt"
    output.write_bytes(b"old")
    assert main(["clean", written(tmp_path / "in.txt", b"x"), "--output", str(output)]) == 2
    assert output.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-be", "utf-8-sig", "gb18030"])
def test_encoding_is_kept(tmp_path: Path, encoding: str) -> None:
    output = tmp_path / "out.txt"
    path = written(tmp_path / "in.txt", "Café teh\r\n".encode(encoding))
    assert main(["clean", path, "--encoding", encoding, "--output", str(output)]) == 0
    assert output.read_bytes() == "Café the\r\n".encode(encoding)


def test_utf_16_keeps_its_byte_order(tmp_path: Path) -> None:
    output = tmp_path / "out.txt"
    path = written(tmp_path / "in.txt", b"\xfe\xff" + "teh".encode("utf-16-be"))
    assert main(["clean", path, "--encoding", "utf-16", "--output", str(output)]) == 0
    assert output.read_bytes() == b"\xfe\xff" + "the".encode("utf-16-be")


def test_fix_encoding_mends_mojibake_and_nothing_else(tmp_path: Path) -> None:
    output = tmp_path / "out.txt"
    data = "“Fine” ﬁ &amp; café\r\n".encode() + b"caf\xe9 teh\r\n" + "donâ€™t\r\n".encode()
    assert main(["clean", written(tmp_path / "in.txt", data), "--fix-encoding", "--output", str(output)]) == 0
    assert output.read_bytes().decode() == "“Fine” ﬁ &amp; café\r\ncafé the\r\ndon’t\r\n"


def test_fix_encoding_without_other_changes_still_writes_the_text(tmp_path: Path) -> None:
    assert read_text(written(tmp_path / "in.txt", b"caf\xe9"), fix=True).encode("café") == "café".encode()


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mtfix {mtfix.__version__}\n"
    for command in ([], ["clean"], ["check"], ["batch"], ["evaluate"], ["rules"], ["rules", "test"]):
        assert main([*command, "--help"]) == 0
        assert "usage: mtfix" in capsys.readouterr().out


def test_ctrl_c_ends_quietly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "load_fixer", interrupted)
    output = tmp_path / "out.txt"
    path = written(tmp_path / "in.txt", b"x")
    assert main(["clean", path, "--output", str(output)]) == 128 + signal.SIGINT
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == [Path(path)]


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mtfix", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=300, **options)  # type: ignore[call-overload, no-any-return]


def test_a_process_exits_with_the_code(tmp_path: Path) -> None:
    done = run("clean", str(tmp_path / "no.txt"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"mtfix: ")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from mtfix.cli import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    for module in ("torch", "transformers", "ctranslate2", "tokenizers", "sacrebleu", "ftfy", "tqdm"):
        assert f"'{module}'" not in done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    code = (
        "import sys; from mtfix import commands, cli; from tests import fake_fixer;"
        "commands.load_fixer = fake_fixer.load; sys.exit(cli.main(['check', '-']))"
    )
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(b"teh wrold\n" * 20_000)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(300) == 141


def test_evaluate_prints_the_table_and_lists_the_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtfix import evaluate

    asked: list[object] = []

    def scores(set_name: str, data: Path, fixer: object, **more: object) -> evaluate.Evaluation:
        asked.extend([set_name, data, more])
        return evaluate.Evaluation("TER 1.0", ({"before": "teh", "after": "thé"},))

    monkeypatch.setattr(evaluate, "evaluate", scores)
    changes = tmp_path / "changes.jsonl"
    given = ["--set", "prose", "--data", str(tmp_path), "--limit", "5", "--changes", str(changes)]
    assert main(["evaluate", *given]) == 0
    assert capsys.readouterr().out == "TER 1.0\n"
    assert asked == ["prose", tmp_path, {"split": "test20", "limit": 5}]
    assert changes.read_bytes() == '{"before": "teh", "after": "thé"}\n'.encode()
