from __future__ import annotations

import json
from pathlib import Path

from mtfix.batch.summary import Summary
from mtfix.cli import main
from tests.batch.running import fake  # noqa: F401

FRENCH = "Le ministre a déclaré que les discussions vont se poursuivre jusqu'à la fin de la semaine."
ROWS = ["teh wrold", "<b>teh</b>", FRENCH, "fine", 7, "BOOM"]


def run(tmp_path: Path, *more: str) -> int:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in ROWS), encoding="utf-8")
    return main(["batch", str(source), str(tmp_path / "out.jsonl"), "--workers", "1", *more])


def test_a_summary_counts_every_row(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    assert run(tmp_path, "--summary", str(path)) == 3
    summary = json.loads(path.read_text(encoding="utf-8"))
    assert [summary[name] for name in ("rows", "changed", "skipped", "rejected", "left_out")] == [6, 2, 1, 2, 0]
    assert summary["counts"] == {"spelling": {"edits": 2, "issues_left": 1}}
    assert summary["examples"][0] == {
        "category": "spelling",
        "before": "teh wrold",
        "after": "the wrold",
        "message": "A misspelling.",
    }
    assert set(summary["stages"]) == {"reading", "writing", "other"}
    assert summary["rows_per_second"] > 0


def test_a_page_shows_it_escaped(tmp_path: Path) -> None:
    path = tmp_path / "summary.html"
    run(tmp_path, "--summary", str(path))
    page = path.read_text(encoding="utf-8")
    assert "<td>&lt;b&gt;the&lt;/b&gt;</td>" in page
    assert "<div><b>33.3%</b> of the rows changed</div>" in page
    assert "<td>spelling</td>" in page


def test_a_dry_run_reports_and_writes_no_output(tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    assert run(tmp_path, "--dry-run", "--report", str(report)) == 3
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [len(row["edits"]) for row in rows] == [1, 1, 0, 0, 0, 0]
    assert rows[2]["skipped"] == "not English: it looks French"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl.rejects.jsonl", "report.jsonl"]


def test_of_several_columns_each_that_is_not_english_has_a_reason(tmp_path: Path) -> None:
    russian = "Привет, как дела"
    rows = [(FRENCH, "teh cat"), ("teh cat", FRENCH), (FRENCH, russian), (FRENCH, ""), ("fine", "fine")]
    source, report, summary = (tmp_path / name for name in ("in.jsonl", "report.jsonl", "summary.json"))
    source.write_text("".join(json.dumps({"title": a, "body": b}) + "\n" for a, b in rows), encoding="utf-8")
    arguments = ["--column", "title", "--column", "body", "--report", str(report), "--summary", str(summary)]
    assert main(["batch", str(source), str(tmp_path / "out.jsonl"), "--workers", "1", *arguments]) == 0
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    french, script = "not English: it looks French", "not English: most of its letters aren't Latin"
    assert [row.get("skipped") for row in told] == [
        f"column “title”: {french}",
        f"column “body”: {french}",
        f"column “title”: {french}; column “body”: {script}",
        f"column “title”: {french}",
        None,
    ]
    assert [len(row["edits"]) for row in told] == [1, 1, 0, 0, 0]
    assert json.loads(summary.read_text(encoding="utf-8"))["skipped"] == 2  # rows of which nothing is English


def test_parts_add_up_and_come_back_from_json() -> None:
    part = Summary(rows=2, words=9, changed=1, seconds=0.5, counts={"grammar": (1, 2)}, stages={"reading": 1.0})
    for number in range(4):
        part.show(("grammar", "a", "b", str(number)))
    total = Summary.from_dict(json.loads(json.dumps(part.to_dict())))
    total.add(part)
    assert (total.rows, total.seconds, total.counts, total.stages) == (4, 1.0, {"grammar": (2, 4)}, {"reading": 2.0})
    assert [example[3] for example in total.examples] == ["0", "1", "2", "3", "0"]
