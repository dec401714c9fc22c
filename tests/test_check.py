"""What `mtfix check` prints: listing, JSON, SARIF, annotations, score; what it leaves out.

sarif-schema-2.1.0.json is the schema that OASIS publishes (errata 01, 2023).
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix import Fixer, commands
from mtfix.cli import main
from mtfix.report.findings import Checked, as_json
from mtfix.report.github import as_github
from mtfix.report.listing import listing, summary
from mtfix.report.sarif import as_sarif
from mtfix.report.score import score
from tests import fake_fixer
from tests.fake_fixer import issue

SARIF = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
SCHEMA = json.loads(files("mtfix.report").joinpath("check.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def fixer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load)


def checked(text: str, *quotes: str, name: str = "a.txt", **changes: object) -> Checked:
    return Checked(name, text, tuple(issue(text.index(quote), quote, **changes) for quote in quotes))  # type: ignore[arg-type]


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


# -- text --------------------------------------------------------------------------------------------------


def test_an_entry_has_place_reason_line_underline_and_advice() -> None:
    entry = listing(checked("One.\nHere teh cat.", "teh"))
    assert entry.splitlines() == [
        "a.txt:2:6: minor spelling: A misspelling. [fake.spelling]",
        "    Here teh cat.",
        "         ^~~",
        f"    perhaps: “the” [{issue(0, 'teh').key}]",
    ]
    assert "\x1b[" not in entry
    assert "\x1b[33m" in listing(checked("Here teh cat.", "teh"), color=True)


@pytest.mark.parametrize(
    ("text", "quote", "underline"),
    [
        ("日本 teh", "teh", "     ^~~"),
        ("a 日本 b", "日本", "  ^~~~"),
        ("cafe\u0301 teh", "teh", "     ^~~"),
        ("\tteh", "teh", " ^~~"),
        ("\x1b[1m teh", "teh", "     ^~~"),
        ("teh\nwrold", "teh\nwrold", "^~~"),
        ("x", "", "^"),
    ],
)
def test_the_underline_stands_under_the_place(text: str, quote: str, underline: str) -> None:
    assert listing(checked(text, quote)).splitlines()[2] == "    " + underline


def test_a_long_line_is_cut_around_the_place() -> None:
    shown, underline = listing(checked("before " * 99 + "teh" + " after" * 99, "teh")).splitlines()[1:3]
    assert len(shown) < 120
    assert shown.strip().startswith("…") and shown.endswith("…")
    assert shown[underline.index("^") :][:3] == "teh"


@given(st.text(), st.data())
def test_an_entry_is_four_lines_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    entry = listing(Checked("a.txt", text, (issue(start, text[start:end]),)))
    assert entry.count("\n") == 4
    underline = entry.split("\n")[2]
    assert underline.strip("~ ") == "^"


def test_the_summary_counts_by_issue_type_and_severity() -> None:
    one = checked("teh wrold of the four", "teh", "wrold")
    two = checked("teh " + "word " * 94, "teh", severity="major", category="grammar")
    lines = summary([one, two], score((each.text, each.issues) for each in (one, two))).splitlines()
    assert lines[0] == (
        "3 issues in 100 words of 2 files; quality score 93.0 of 100 (70.0 penalty points per 1,000 words)"
    )
    assert [line.split() for line in lines[1:]] == [["2", "spelling:", "2", "minor"], ["1", "grammar:", "1", "major"]]


# -- score -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "words", "quality"),
    [
        ("", 10, 100.0),
        ("neutral", 10, 100.0),
        ("minor", 100, 99.0),
        ("major", 100, 95.0),
        ("critical minor", 100, 74.0),
        ("critical", 3, 0.0),
        ("", 0, 100.0),
    ],
)
def test_the_score_follows_the_weights_of_mqm(severities: str, words: int, quality: float) -> None:
    issues = [issue(0, "word", severity=severity) for severity in severities.split()]
    assert score([("word " * words, issues)]).quality == pytest.approx(quality)


# -- JSON, SARIF, annotations ------------------------------------------------------------------------------

WEIRD = "# 😀\r\nA 😀 teh,\rwrold: 100%\n\nteh end"


def weird() -> list[Checked]:
    found = [issue(WEIRD.index("teh"), "teh"), issue(WEIRD.index("wrold"), "wrold: 100%\n\nteh", suggestions=("", "x"))]
    found.append(issue(len(WEIRD), "", severity="critical", suspected=True, suggestions=()))
    return [Checked("dir/a b,c:é.txt", WEIRD, tuple(found)), Checked("/abs/b.txt", "Fine.", ())]


def sarif(files: list[Checked]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(as_sarif(files))
    jsonschema.Draft4Validator(SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)
    return log


def test_json_keeps_to_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    output = json.loads(as_json(weird()))
    validator.validate(output)
    assert output["summary"]["severities"] == {"neutral": 0, "minor": 2, "major": 0, "critical": 1}
    validator.validate(json.loads(as_json([])))
    del output["files"][0]["issues"][0]["key"]
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(output)


def test_json_of_the_real_passes_keeps_to_its_schema() -> None:
    text = "During from the operation, the the army dealt a qualitative blow."
    found = Fixer(regenerate=False).check(text)
    assert found
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(as_json([Checked("a.txt", text, tuple(found))])))


def test_sarif_keeps_to_its_schema() -> None:
    assert sarif([])["runs"][0]["results"] == []
    run = sarif(weird())["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["fake.spelling"]
    assert [result["level"] for result in run["results"]] == ["warning", "warning", "error"]
    assert run["results"][0]["partialFingerprints"] == {"mtfixKey/v1": issue(0, "teh").key}


def test_sarif_columns_count_utf_16_code_units() -> None:
    run = sarif(weird())["runs"][0]
    assert run["columnKind"] == "utf16CodeUnits"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "dir/a%20b%2Cc%3A%C3%A9.txt"
    assert place["region"] == {
        "startLine": 2,
        "startColumn": 6,
        "endLine": 2,
        "endColumn": 9,
        "snippet": {"text": "teh"},
    }


def test_sarif_fixes_are_the_suggestions() -> None:
    fixes = sarif(weird())["runs"][0]["results"][1]["fixes"]
    replacements = [fix["artifactChanges"][0]["replacements"][0] for fix in fixes]
    assert [each["insertedContent"]["text"] for each in replacements] == ["", "x"]
    assert replacements[0]["deletedRegion"] == {"startLine": 3, "startColumn": 1, "endLine": 5, "endColumn": 4}


def test_annotations_are_escaped() -> None:
    one, two, three = as_github([Checked("dir/a b,c:é.txt", WEIRD, weird()[0].issues)]).splitlines()
    file = "file=dir/a b%2Cc%3Aé.txt"
    title = "title=minor spelling (fake.spelling)"
    assert one == f"::warning {file},line=2,col=5,endColumn=8,{title}::A misspelling. Perhaps “the”."
    assert two == f"::warning {file},line=3,endLine=5,{title}::A misspelling."
    assert three.startswith("::error ")
    odd = as_github([checked("teh", "teh", message="50%\nof\r: a, b", suggestions=())])
    assert odd.endswith("::50%25%0Aof%0D: a, b\n")


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_the_exit_code_says_whether_issues_remain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    assert main(["check", written(tmp_path / "a.txt", "Here teh cat."), "--format", format]) == 1
    assert "misspelling" in capsys.readouterr().out
    assert main(["check", written(tmp_path / "a.txt", "Fine."), "--format", format]) == 0
    assert "misspelling" not in capsys.readouterr().out


# -- what is left out --------------------------------------------------------------------------------------


def keys(output: str) -> list[list[str]]:
    return [[found["text"] for found in each["issues"]] for each in json.loads(output)["files"]]


def test_only_issues_of_a_severity_and_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.txt", "teh")
    for severity, code in (("neutral", 1), ("minor", 1), ("major", 0), ("critical", 0)):
        assert main(["check", path, "--min-severity", severity]) == code
    assert capsys.readouterr().out.count("minor spelling") == 2


def test_a_baseline_leaves_only_what_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = written(tmp_path / "a.txt", "teh wrold"), written(tmp_path / "b.txt", "Fine.")
    assert main(["check", one, two, "--format", "json"]) == 1
    baseline = written(tmp_path / "base.json", capsys.readouterr().out)
    given = [one, two, "--format", "json", "--baseline", baseline]
    assert main(["check", *given]) == 0
    assert keys(capsys.readouterr().out) == [[], []]
    written(tmp_path / "a.txt", "A line before.\n\nwrold teh, Teh, teh")
    written(tmp_path / "b.txt", "teh")
    assert main(["check", *given]) == 1
    assert keys(capsys.readouterr().out) == [["teh"], ["teh"]]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"files": [{}]}', '{"files": [{"path": 1, "issues": []}]}', "3"])
def test_a_baseline_that_is_none_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    path, baseline = written(tmp_path / "a.txt", "teh"), written(tmp_path / "base.json", content)
    assert main(["check", path, "--baseline", baseline]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert "base.json: not the output of mtfix check --format json" in err


def test_a_missing_baseline_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", written(tmp_path / "a.txt", "teh"), "--baseline", str(tmp_path / "no.json")]) == 2
    assert "no.json: no such file" in capsys.readouterr().err


def test_every_reported_key_can_be_ignored(tmp_path: Path) -> None:
    rule = "{id: one, pattern: Maruto left, category: awkward, severity: minor, message: M., good: [a, b], bad: [a, b]}"
    rules = written(tmp_path / "rules.yaml", f"rules:\n  - {rule}\n")
    text = "Colonel Wayne Maruto spoke on the the phone.\nThen Maroto left after a qualitative blow."
    found = Fixer(regenerate=False, rules=rules).check(text)
    assert {"Maroto", "Maroto left", "qualitative blow", " the"} == {each.text for each in found}
    for each in found:
        left = Fixer(regenerate=False, rules=rules, ignore=frozenset({each.key})).check(text)
        assert each.key not in {other.key for other in left}


# -- the pre-commit hook -----------------------------------------------------------------------------------


def test_the_pre_commit_hook_is_well_formed() -> None:
    import yaml

    (hook,) = yaml.safe_load((Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert (hook["id"], hook["entry"], hook["language"]) == ("mtfix-check", "mtfix check", "python")
    assert hook["types_or"] == ["plain-text", "markdown"]
