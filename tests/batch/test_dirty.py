"""A corpus with ten kinds of bad rows, through the real passes: every row is accounted for, none is changed wrongly."""

from __future__ import annotations

import json
from pathlib import Path

from mtfix.cli import main
from tests.batch.running import rejects

GOOD = b'{"id": %d, "text": "It was a qualitative blow to the group."}\n'
MENDED = b'{"id": %d, "text": "It was a significant blow to the group."}\n'
HTML = b'{"text": "<p class=\\"a\\">It was a <b>calm</b> day &amp; night.</p><script>x = \'in at\'</script>"}\n'
RUSSIAN = '{"text": "Министр сказал, что переговоры продолжатся."}\n'.encode()
DIRTY = {
    b'{"text": null}\n': "is not a string",
    b'{"text": 17.50}\n': "is not a string",
    b'{"text": {"text": "from During"}}\n': "is not a string",
    b'{"text": "' + b"long winded " * 420_000 + b'"}\n': "more than --max-chars 100000",
    b'{"text": "caf\xe9 from During"}\n': "isn't UTF-8",
    b'{"text": "lone \\ud800 one"}\n': None,
    b'{"text": "nul \\u0000 here"}\n': None,
    HTML: None,
    b'{"text": ""}\n': None,
    RUSSIAN: None,
}


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    before, after, bad = [], [], {}
    for number in range(200):
        before.append(GOOD % number)
        after.append(MENDED % number)
        if number % 20 == 19:
            line, reason = list(DIRTY.items())[number // 20]
            before.append(line)
            after.append(line)
            if reason:
                bad[len(before)] = reason
    source, report = tmp_path / "in.jsonl", tmp_path / "report.jsonl"
    source.write_bytes(b"".join(before))
    arguments = ["--no-regenerate", "--workers", "2", "--report", str(report)]
    assert main(["batch", str(source), str(tmp_path / "out.jsonl"), *arguments]) == 3
    assert (tmp_path / "out.jsonl").read_bytes().splitlines(keepends=True) == after
    reasons = rejects(tmp_path)
    assert reasons.keys() == bad.keys()
    assert all(bad[row] in reason for row, reason in reasons.items())
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in told] == list(range(1, 211))
    assert [row["row"] for row in told if "skipped" in row] == [after.index(RUSSIAN) + 1]
