"""`mtfix rules`, and `--rules`: rules of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix import Fixer
from mtfix.cli import main
from mtfix.detect import RuleDetector, phrasebooks
from mtfix.options import OptionsError

BOOK = """\
rules:
  - id: house-style-premises
    pattern: premisses
    category: spelling
    severity: minor
    message: Our house style is “premises”.
    replacement: premises
    good:
      - {in: They left the premisses., out: They left the premises.}
      - {in: Premisses are closed., out: Premises are closed.}
    bad:
      - They left the premises.
      - The premise is wrong.
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rules = RuleDetector(phrasebooks()).rules
    assert main(["rules", "list"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["rule", "book", "issue", "type", "severity", "does", "confidence"]
    assert [row.split()[0] for row in rows] == [rule.id for rule in rules]
    assert main(["rules", "list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["id"], each["repairs"]) for each in listed] == [(rule.id, bool(rule.replacements)) for rule in rules]


def test_rules_of_a_language_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "--source", "ar", "--format", "json"]) == 0
    assert {each["book"] for each in json.loads(capsys.readouterr().out)} == {"general", "arabic"}


@pytest.mark.parametrize("prefix", ["", "rules:"])
def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str], prefix: str) -> None:
    rule = next(rule for rule in RuleDetector(phrasebooks()).rules if rule.replacements)
    assert main(["rules", "explain", prefix + rule.id]) == 0
    out = capsys.readouterr().out
    for text in (rule.message, rule.pattern.text, rule.good[0].text, str(rule.good[0].repaired), *rule.bad):
        assert text in out


def test_an_unknown_rule_is_told_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    known = RuleDetector(phrasebooks()).rules[0].id
    assert main(["rules", "explain", known + "x"]) == 2
    assert known in capsys.readouterr().err


def test_rules_of_ones_own_are_tested(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", str(book)]) == 0
    assert capsys.readouterr().out == f"{book}: 1 rule, 4 examples, 0 wrong\n"


def test_an_example_that_fails_is_named_with_its_line(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book.write_text(BOOK.replace("The premise is", "The premisses are"), encoding="utf-8")
    assert main(["rules", "test", str(book)]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{book}:2: house-style-premises: the rule fires on a bad example")
    assert "The premisses are wrong." in out


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_tested(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(BOOK.replace("pattern: premisses", "pattern: (premisses"), encoding="utf-8")
    assert main(["rules", "test", str(tmp_path / "no.yaml"), str(broken), str(book)]) == 2
    out, err = capsys.readouterr()
    assert "1 rule, 4 examples, 0 wrong" in out
    assert err.count("\n") == 2
    assert "no.yaml: cannot be read" in err
    assert "broken.yaml, line 2, rule 'house-style-premises': a parenthesis is not closed" in err


def test_the_shipped_books_pass_the_same_test(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", str(phrasebooks()[0])]) == 0
    assert ", 0 wrong" in capsys.readouterr().out


def test_rules_of_ones_own_work_beside_the_phrasebooks(book: Path, tmp_path: Path) -> None:
    text = "They left the premisses after a qualitative blow."
    for given in (book, str(book), [book]):
        found = {issue.detector for issue in Fixer(regenerate=False, rules=given).check(text)}
        assert "rules:house-style-premises" in found and len(found) > 1
    assert Fixer(regenerate=False, rules=book).clean("Premisses are closed.") == "Premises are closed."
    output, path = tmp_path / "out.txt", tmp_path / "in.txt"
    path.write_text("Premisses are closed.\n", encoding="utf-8")
    given = ["--rules", str(book), "--no-regenerate"]
    assert main(["clean", str(path), "--output", str(output), *given]) == 0
    assert main(["batch", str(path), str(tmp_path / "batch.txt"), *given]) == 0
    assert output.read_text(encoding="utf-8") == "Premises are closed.\n"
    assert (tmp_path / "batch.txt").read_text(encoding="utf-8") == "Premises are closed.\n"


def test_a_bad_rule_file_is_an_error_with_file_and_line(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book.write_text(BOOK.replace("severity: minor", "severity: awful"), encoding="utf-8")
    with pytest.raises(OptionsError, match=r"own\.yaml, line 2, rule 'house-style-premises': severity is 'awful'"):
        Fixer(regenerate=False, rules=book)
