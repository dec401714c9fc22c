"""What each command does: one function per command, from parsed arguments to an exit code."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections import Counter
from contextlib import ExitStack
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from mtfix.files import InputError, TextFile, read_text, whole_file
from mtfix.options import Options, OptionsError
from mtfix.report.findings import Baseline, Checked, as_json
from mtfix.report.github import as_github
from mtfix.report.listing import listing, summary
from mtfix.report.reasons import count
from mtfix.report.sarif import as_sarif
from mtfix.report.score import score
from mtfix.result import CATEGORIES, SEVERITIES, Entity

if TYPE_CHECKING:
    from mtfix.fixer import Fixer


def clean(arguments: Namespace) -> int:
    """Print or write the repaired text, its diff, its report."""
    source = read_text(arguments.file, arguments.encoding, arguments.fix_encoding)
    with ExitStack() as outputs:
        output = outputs.enter_context(whole_file(arguments.output)) if arguments.output else None
        report = outputs.enter_context(whole_file(arguments.report)) if arguments.report else None
        repair = load_fixer(**given_options(arguments)).repair(source.text)
        if output:
            output.write(source.encode(repair.text))
        if report:
            report.write(repair.to_html(f"{Path(source.name).name}, repaired").encode())
    if arguments.diff:
        _print(repair.diff(color=_color(arguments.color)))
        if not repair.edits:
            print(f"mtfix: {source.name}: nothing to change", file=sys.stderr)
    elif not output:
        _print(source.encode(repair.text))
    return 0


def check(arguments: Namespace) -> int:
    """List the issues of each file; a file that can't be read doesn't keep the others from being checked."""
    sources: list[TextFile] = []
    errors: list[InputError] = []
    for path in arguments.files:
        try:
            sources.append(read_text(path, arguments.encoding, arguments.fix_encoding))
        except InputError as error:
            errors.append(error)
    baseline = Baseline(arguments.baseline) if arguments.baseline else None
    worst = SEVERITIES[SEVERITIES.index(arguments.min_severity) :]
    color = _color(arguments.color)
    files: list[Checked] = []
    if sources:
        fixer = load_fixer(**given_options(arguments))
        for source in sources:
            issues = tuple(issue for issue in fixer.check(source.text) if issue.severity in worst)
            checked = Checked(source.name, source.text, issues)
            files.append(baseline.new(checked) if baseline else checked)
            if arguments.format == "text":
                _print(listing(files[-1], color))
        if arguments.format == "text":
            _print(summary(files, score((each.text, each.issues) for each in files), color))
        else:
            _print({"json": as_json, "sarif": as_sarif, "github": as_github}[arguments.format](files))
    for unreadable in errors:
        print(f"mtfix: {unreadable}", file=sys.stderr)
    return 2 if errors else int(any(checked.issues for checked in files))


def names(arguments: Namespace) -> int:
    """List the names of all files together; a file that can't be read doesn't keep the others from being read."""
    from mtfix.report import names as forms

    fixer = load_fixer(**given_options(arguments), regenerate=False)
    found: list[tuple[Entity, ...]] = []
    errors: list[InputError] = []
    for path in arguments.files:
        try:
            found.append(fixer.repair(read_text(path, arguments.encoding, arguments.fix_encoding).text).entities)
        except InputError as error:
            errors.append(error)
    listed = [name for name in forms.collect(found) if name.varies or not arguments.varying]
    form = {"table": forms.as_table, "csv": forms.as_csv, "json": forms.as_json}[arguments.format]
    _print(form(listed))
    for unreadable in errors:
        print(f"mtfix: {unreadable}", file=sys.stderr)
    return 2 if errors else 0


def build_gazetteer(arguments: Namespace) -> int:
    """Make a gazetteer from a Wikidata dump or a table, and say what was left out."""
    from mtfix.names.build import as_csv, build, read_known

    if not arguments.output.lower().endswith(".csv"):
        raise InputError(f"{arguments.output}: a gazetteer is written as CSV; name it .csv")
    left_out: Counter[str] = Counter()
    with whole_file(arguments.output) as output:
        known = tqdm(read_known(arguments.input, left_out), unit=" names", disable=None)
        names = build(known, left_out, arguments.least)
        if not names:
            raise InputError(f"{arguments.input}: no name is left for a gazetteer; {_left_out(left_out)}")
        output.write(as_csv(names).encode())
    print(f"mtfix: {count(len(names), 'name')} in {arguments.output}; {_left_out(left_out)}", file=sys.stderr)
    return 0


def _left_out(reasons: Counter[str]) -> str:
    told = "; ".join(f"{reason}: {number:,}" for reason, number in reasons.most_common())
    return f"left out: {told or 'none'}"


def rules(arguments: Namespace) -> int:
    """List the rules, explain one, or run the examples of rule files; exit code 1 when one of these fails."""
    from mtfix.detect import RuleDetector, phrasebooks
    from mtfix.report import rules as forms

    if arguments.action == "test":
        return _test_rules(arguments.files)
    known = RuleDetector(phrasebooks(arguments.source if arguments.action == "list" else "auto")).rules
    if arguments.action == "list":
        _print((forms.as_json if arguments.format == "json" else forms.as_table)(known))
        return 0
    wanted = arguments.id.removeprefix("rules:")
    by_id = {rule.id: rule for rule in known}
    if wanted not in by_id:
        near = get_close_matches(wanted, by_id, 3)
        advice = f"perhaps {', '.join(near)}" if near else "mtfix rules list names them all"
        raise InputError(f"no rule is called “{wanted}”; {advice}")
    _print(forms.explained(by_id[wanted]))
    return 0


def _test_rules(paths: list[str]) -> int:
    """Run the examples of each file beside the phrasebooks, as its rules will be used."""
    from mtfix.detect import RuleDetector, phrasebooks
    from mtfix.detect.examples import failures

    failed, errors = 0, []
    for path in map(Path, paths):
        others = [book for book in phrasebooks() if book != path.resolve()]
        try:
            detector = RuleDetector([*others, path])
        except OptionsError as error:
            errors.append(error)
            continue
        own = [rule for rule in detector.rules if rule.book == path]
        wrong = [failure for rule in own for failure in failures(detector, rule)]
        for rule, text, reason in wrong:
            _print(f"{path}:{rule.line}: {rule.id}: {reason}: “{text}”\n")
        examples = sum(len(rule.good) + len(rule.bad) for rule in own)
        _print(f"{path}: {count(len(own), 'rule')}, {count(examples, 'example')}, {len(wrong):,} wrong\n")
        failed += len(wrong)
    for unreadable in errors:
        print(f"mtfix: {' '.join(str(unreadable).split())}", file=sys.stderr)
    return 2 if errors else int(bool(failed))


def batch(arguments: Namespace) -> int:
    """Repair a corpus row by row; exit code 3 when rows were left alone because of an error."""
    from mtfix.batch.command import run

    return run(arguments, given_options(arguments), load_fixer)


def evaluate(arguments: Namespace) -> int:
    """Print a table of scores; list every changed sentence if asked to."""
    data = Path(arguments.data)
    if not data.is_dir():
        raise InputError(f"--data {data}: no such folder; name the one that holds the test set")
    from mtfix.evaluate import evaluate as scores

    with ExitStack() as outputs:
        changes = outputs.enter_context(whole_file(arguments.changes)) if arguments.changes else None
        fixer = load_fixer(**given_options(arguments))
        result = scores(arguments.set, data, fixer, split=arguments.split, limit=arguments.limit)
        if changes:
            for change in result.changes:
                changes.write(json.dumps(change, ensure_ascii=False).encode() + b"\n")
    _print(result.table.rstrip("\n") + "\n")
    return 0


def train(arguments: Namespace) -> int:
    """Fine-tune the shipped model on post-edits, and print what that did to those held out."""
    from mtfix.training.finetune import finetune

    base = arguments.model or Options().model
    table = finetune(
        Path(arguments.pairs), Path(arguments.output), base, 60 * arguments.minutes, arguments.rate, arguments.seed
    )
    _print(table.rstrip("\n") + "\n")
    return 0


def load_fixer(**options: Any) -> Fixer:
    """Load a fixer; the import is heavy, so only a command that needs one pays for it."""
    from mtfix.fixer import Fixer

    return Fixer(**options)


def given_options(arguments: Namespace) -> dict[str, Any]:
    """Return the keywords of `Options` that were given on the command line.

    Raises InputError for an unknown category or an unreadable ignore list.
    """
    values = vars(arguments)
    options = {field.name: values[field.name] for field in fields(Options) if values.get(field.name) is not None}
    if "categories" in options:
        wanted = frozenset(name.strip() for name in options["categories"].split(",") if name.strip())
        unknown = sorted(wanted - CATEGORIES.keys())
        if unknown or not wanted:
            raise InputError(
                f"--categories: unknown issue type “{', '.join(unknown)}”; there are {', '.join(CATEGORIES)}"
            )
        options["categories"] = wanted
    if "ignore" in options:
        lines = read_text(options["ignore"]).text.splitlines()
        options["ignore"] = frozenset(key for line in lines if (key := line.partition("#")[0].strip()))
    return options


def _print(output: str | bytes) -> None:
    """Write to standard output as UTF-8, line ends as they are, whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(output.encode("utf-8", "replace") if isinstance(output, str) else output)
    sys.stdout.buffer.flush()


def _color(wish: str) -> bool:
    if wish == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wish == "always"
