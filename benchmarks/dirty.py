"""A corpus with bad rows of ten kinds among good ones: python -m benchmarks.dirty [--rows 10000]

Every row must be accounted for: bad ones come out byte for byte as they are, or repaired with what is odd about them
kept; good ones come out as they do without the bad ones between.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.conditions import write
from benchmarks.robustness import texts
from mtfix import Fixer

_EVERY = 20  # one row of so many is bad
_TAG = re.compile(r"<[^>]*>|&\w+;")
_FOREIGN = "Der Sprecher der Regierung sagte am Montag, dass die Straßen wieder offen sind und niemand verletzt ist."
_HTML = '<p class="lead">It was a <b>qualitative blow</b> to group {n}&nbsp;and <a href="x?a={n}&amp;b=2">more</a>'


def _line(value: object) -> bytes:
    return json.dumps({"id": 1, "text": value}).encode() + b"\n"


#: What a bad row of each kind is made of.
KINDS: dict[str, Callable[[int], bytes]] = {
    "null": lambda n: _line(None),
    "a number": lambda n: _line(n),
    "an object": lambda n: _line({"body": f"They came from During the night {n}."}),
    "5 MB": lambda n: _line("They came from During the night. " * 160_000),
    "invalid UTF-8": lambda n: b'{"id": 1, "text": "They came from During the \xff\xfe night."}\n',
    "lone surrogate": lambda n: _line(f"It was a qualitative blow to group {n} \ud83d."),
    "NUL characters": lambda n: _line(f"It was a qualitative blow\0 to \0\0 group {n}."),
    "HTML": lambda n: _line(_HTML.format(n=n)),
    "empty": lambda n: _line(""),
    "not English": lambda n: _line(_FOREIGN),
}


def corpus(count: int) -> list[tuple[str, bytes]]:
    """Return rows as (kind, line); the kind of a good row is ""."""
    kinds = list(KINDS)
    good = (line for number, line in enumerate(map(_line, texts(2 * count))) if number % 1000 != 999)
    rows = []
    for number in range(count):
        kind = kinds[number // _EVERY % len(kinds)] if number % _EVERY == _EVERY - 1 else ""
        rows.append((kind, KINDS[kind](number) if kind else next(good)))
    return rows


def repaired(folder: Path, lines: Sequence[bytes]) -> tuple[int, list[bytes], dict[int, str], dict[str, int]]:
    """Run the batch script over lines: exit code, lines written, row number → reason, counts of the summary."""
    source, target, summary = folder / "in.jsonl", folder / "out.jsonl", folder / "summary.json"
    rejects = folder / "out.jsonl.rejects.jsonl"
    source.write_bytes(b"".join(lines))
    command = [sys.executable, "-m", "mtfix", "batch", str(source), str(target), "--summary", str(summary)]
    code = subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode
    told = [json.loads(line) for line in rejects.read_bytes().splitlines()] if rejects.exists() else []
    rejects.unlink(missing_ok=True)
    return (
        code,
        target.read_bytes().splitlines(keepends=True),
        {row["row"]: row["reason"] for row in told},
        json.loads(summary.read_bytes()),
    )


def is_right(kind: str, before: bytes, after: bytes, fixer: Fixer) -> bool:
    """Whether a bad row came out as it went in, or with what the fixer does to its text and its oddities kept."""
    if before == after:
        return True
    if kind not in ("lone surrogate", "NUL characters", "HTML"):
        return False
    old, new = json.loads(before)["text"], json.loads(after)["text"]
    kept = [re.findall(r"[\0\ud800-\udfff]", text) + _TAG.findall(text) for text in (old, new)]
    return bool(new == fixer.clean(old) and kept[0] == kept[1])


def main() -> None:
    """Run and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    arguments = parser.parse_args()
    rows = corpus(arguments.rows)
    with tempfile.TemporaryDirectory() as name:
        code, written, reasons, counts = repaired(Path(name), [line for _, line in rows])
        clean_code, clean, _, _ = repaired(Path(name), [line for kind, line in rows if not kind])
    fixer = Fixer()
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, str] = {}
    good = iter(clean)
    for number, ((kind, before), after) in enumerate(zip(rows, written, strict=True), 1):
        of_kind = tally[kind]
        of_kind["rows"] += 1
        of_kind["rejected"] += number in reasons
        of_kind["changed"] += before != after
        of_kind["wrong"] += not (is_right(kind, before, after, fixer) if kind else after == next(good))
        if number in reasons:
            told.setdefault(kind, reasons[number])
    lines = [
        "# Dirty data through `mtfix batch`",
        "",
        f"`python -m benchmarks.dirty --rows {arguments.rows}`: made-up rows, one of {_EVERY} bad, default options.",
        "",
        f"- rows in: {len(rows):,}, rows out: {len(written):,}, in the summary: {counts['rows']:,}",
        f"- rejected {counts['rejected']:,} (listed: {len(reasons):,}), not English {counts['skipped']:,}",
        f"- exit code {code} (asked: 3, some rows were left alone); of the good rows alone {clean_code} (asked: 0)",
        "",
        "| kind | rows | rejected | repaired | wrong | reason |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for kind in ("", *KINDS):
        n = tally[kind]
        reason = told.get(kind, "").replace("|", "\\|")[:90]
        lines.append(
            f"| {kind or 'good'} | {n['rows']:,} | {n['rejected']} | {n['changed']} | {n['wrong']} | {reason} |"
        )
    lines += [
        "",
        "Wrong: a good row that comes out otherwise than without the bad ones; a bad one that is changed other",
    ]
    lines += ["than by what the fixer does to its text, or loses a tag, a NUL or a surrogate."]
    write("dirty", lines)


if __name__ == "__main__":
    main()
