"""Random, mutated and adversarial texts through `check`: python -m benchmarks.fuzz [--texts N] [--seed N] [--model]

No text may raise, every issue must quote what stands at its offsets, and 100 kB of anything must take less than 2 s of
the processor's time.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import cache

from benchmarks.conditions import write
from benchmarks.seed import SEED
from mtfix import Fixer
from mtfix.detect import phrasebooks
from mtfix.detect.phrasebook import read_phrasebook
from mtfix.result import Issue

_SIZE = 100_000
_LIMIT = 2.0
_LONGEST = 400  # characters of a text, about
_RANGES: tuple[tuple[int, int], ...] = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x400, 0x4FF),
    (0x5D0, 0x6FF),
    (0x900, 0x97F),
)
_RANGES += ((0x2000, 0x206F), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xFE00, 0xFEFF), (0x1F300, 0x1F6FF), (0, 0x10FFFF))
_INJECTED = (
    *("\x00", "\x07", "\x0b", "\x0c", "\x1b[31m", "\x1c", "\x1f", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u200d"),
    *("\u2028", "\u2029", "\u202e", "\ufeff", "\ufffe", "\ud800", "\udfff", "\r", "\r\n", "\n\n", "\t", "\u0301" * 9),
    *("“", "”", '"', "’", "'", "«", "(", ")", "[", "]", "{", "}", "<", ">", "`", "|", "\\", "$", "&", "#", "@", "*"),
    *(
        "…",
        "...",
        "--",
        "—",
        "İ",
        "ß",
        "ﬁ",
        "Ǆ",
        "١٢٣",
        "²",
        "👩‍👩‍👧",
        "http://",
        "1,000.5",
        "U.S.",
        "e.g.",
        "a a",
        "THE",
    ),
)


@cache
def sources() -> tuple[str, ...]:
    """Return what is mutated: the paragraphs of the seed document and the examples of all rules."""
    seed = SEED.with_suffix(".txt").read_text(encoding="utf-8")
    examples = [
        text
        for book in phrasebooks()
        for rule in read_phrasebook(book)
        for text in (*(example.text for example in rule.good), *rule.bad)
    ]
    return tuple([line for line in seed.splitlines() if line.strip()] + examples)


def text(source: random.Random) -> str:
    """Return a random text: characters of any script, or one or two known texts that something happened to."""
    if source.random() < 0.25:
        return _characters(source, source.randrange(_LONGEST))
    known = source.choice((" ", "\n", "\n\n", "")).join(source.sample(sources(), source.randint(1, 2)))
    start = source.randrange(max(1, len(known) - _LONGEST))
    mutated = known[start : start + _LONGEST]
    for _ in range(source.randint(1, 6)):
        mutated = source.choice(_MUTATIONS)(mutated, source)
    return mutated


def _characters(source: random.Random, length: int) -> str:
    low, high = source.choice(_RANGES)
    spaced = source.random() < 0.7
    return "".join(
        source.choice(" \n.,") if spaced and source.random() < 0.2 else chr(source.randint(low, high))
        for _ in range(length)
    )


def _delete(known: str, source: random.Random) -> str:
    start = source.randrange(len(known) + 1)
    return known[:start] + known[start + source.choice((1, 2, 5, 20)) :]


def _swap_words(known: str, source: random.Random) -> str:
    words = known.split(" ")
    one, two = source.randrange(len(words)), source.randrange(len(words))
    words[one], words[two] = words[two], words[one]
    return " ".join(words)


def _repeat(known: str, source: random.Random) -> str:
    start = source.randrange(len(known) + 1)
    end = start + source.choice((1, 3, 8, 30))
    return known[:end] + source.choice(("", " ")) + known[start:end] * source.choice((1, 1, 2, 20)) + known[end:]


def _inject(known: str, source: random.Random) -> str:
    start = source.randrange(len(known) + 1)
    return known[:start] + source.choice(_INJECTED) + known[start:]


def _change_case(known: str, source: random.Random) -> str:
    start = source.randrange(len(known) + 1)
    end = start + source.choice((1, 10, 100))
    change = source.choice((str.upper, str.lower, str.title, str.swapcase))
    return known[:start] + change(known[start:end]) + known[end:]


def _long_token(known: str, source: random.Random) -> str:
    start = source.randrange(len(known) + 1)
    return known[:start] + source.choice(("a", "A", "1", "-", "'", "ab-", ".", "é", "(", "。")) * 2000 + known[start:]


_MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    *(_delete, _delete, _delete, _swap_words, _swap_words, _repeat, _repeat),
    *(_inject, _inject, _inject, _inject, _change_case, _change_case),
    *(lambda known, source: _long_token(known, source) if source.random() < 0.05 else _delete(known, source),),
)


def faults(checked: str, issues: list[Issue]) -> list[Issue]:
    """Return the issues that do not quote what stands at their offsets, or stand outside the text."""
    return [
        issue
        for issue in issues
        if not 0 <= issue.start <= issue.end <= len(checked) or checked[issue.start : issue.end] != issue.text
    ]


def adversarial(size: int = _SIZE) -> dict[str, str]:
    """Return texts of that many characters, each the worst case of something, by name."""
    anchors = Counter(
        word for book in phrasebooks() for rule in read_phrasebook(book) for word in sorted(_anchor(rule))
    )
    frequent = [word for word, _ in anchors.most_common(200)]
    seed = SEED.with_suffix(".txt").read_text(encoding="utf-8")
    examples = " ".join(sources())
    units = {
        "one letter": "a",
        "one capital": "A",
        "one sign": "!",
        "full stops": ".",
        "spaces": " ",
        "digits": "7",
        "hyphens": "-",
        "apostrophes": "'",
        "line ends": "\n",
        "empty paragraphs": "x\n\n",
        "one-word lines": "The\n",
        "“a a a a”": "a ",
        "“the the”": "the ",
        "“of the”": "of the ",
        "numbers": "1,234.5 ",
        "hyphenated": "well-known-",
        "open brackets": "(",
        "nested brackets": "(a ",
        "open quotation marks": "“",
        "quotation marks": '"',
        "quoted words": '"a" ',
        "a name in brackets": "the American (The New York Times) ",
        "capitalized words": "Smith Jones ",
        "one name": "Mustafa Al-Kazemi ",
        "capitals": "ABC ",
        "abbreviations": "U.S. ",
        "initials": "J. R. R. ",
        "addresses": "http://example.org/a?b=c ",
        "dots and addresses": "www.a.",
        "at signs": "a@b.",
        "tags": "<b>x</b> ",
        "open tags": "<a b=",
        "backticks": "` ",
        "braces": "{a ",
        "backslashes": "\\a",
        "asterisks": "*a ",
        "pipes": "| a ",
        "combining marks": "e\u0301\u0301",
        "lone surrogates": "\ud800 ",
        "the commonest anchor words": " ".join(frequent) + " ",
        "one anchor word": frequent[0] + " ",
        "rule examples in one line": examples + " ",
        "seed document, over and over": seed + "\n\n",
        "seed document in one line": " ".join(seed.split()) + " ",
    }
    texts = {name: (unit * (size // len(unit) + 1))[:size] for name, unit in units.items()}
    texts["nested quotation marks"] = "“‘" * (size // 8) + "word " * (size // 10) + "’”" * (size // 8)
    texts["matching brackets"] = "(" * (size // 2) + ")" * (size // 2)
    words = random.Random(1)
    texts["random capitalized words"] = " ".join(
        "".join(words.choices("abcdefghijklmnoprstuvwy", k=6)).capitalize() for _ in range(size // 7)
    )
    return texts


def _anchor(rule: object) -> frozenset[str]:
    anchor = getattr(rule, "pattern").anchor  # noqa: B009
    return anchor.words if anchor else frozenset()


def main() -> None:
    """Run all, print failures as they come, and keep the result as benchmarks/results/fuzz.md."""
    parser = argparse.ArgumentParser(description="Random, mutated and adversarial texts through check.")
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", action="store_true", help="with the model")
    arguments = parser.parse_args()
    fixer = Fixer(regenerate=arguments.model, threads=1)
    failures: Counter[str] = Counter()
    issues = characters = 0
    begun = time.perf_counter()
    for number in range(arguments.texts):
        fuzzed = text(random.Random(f"{arguments.seed}:{number}"))
        characters += len(fuzzed)
        try:
            found = fixer.check(fuzzed)
        except Exception as error:
            failures[type(error).__name__] += 1
            print(f"text {number}: {error!r}: {fuzzed!a}", flush=True)
            continue
        issues += len(found)
        wrong = faults(fuzzed, found)
        failures["wrong offsets"] += bool(wrong)
        for issue in wrong:
            print(f"text {number}: wrong offsets: {issue!a}: {fuzzed!a}", flush=True)
        if number % 1000 == 999:
            print(f"{number + 1} texts, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    lines = [
        "# Fuzzing",
        "",
        f"`python -m benchmarks.fuzz --texts {arguments.texts} --seed {arguments.seed}"
        f"{' --model' if arguments.model else ''}`: random and mutated texts through `check`"
        f"{'' if arguments.model else ', without the model'}.",
        "",
        f"- texts: {arguments.texts:,}, of {characters:,} characters, in {time.perf_counter() - begun:,.0f} s",
        f"- issues found: {issues:,}",
        f"- texts that raised: {sum(failures.values()) - failures['wrong offsets']:,}",
        f"- texts with an issue that does not quote what stands at its offsets: {failures['wrong offsets']:,}",
        "",
        f"Adversarial texts of {_SIZE:,} characters, by the seconds that the processor works on each; the limit is "
        f"{_LIMIT:g} s.",
        "",
        "| text | seconds | without names | issues |",
        "|---|--:|--:|--:|",
    ]
    lines += _adversarial_rows(fixer, Fixer(regenerate=arguments.model, names=False, threads=1))
    write("fuzz", lines)


def _adversarial_rows(fixer: Fixer, nameless: Fixer) -> list[str]:
    rows = []
    for name, hard in adversarial().items():
        times = []
        for each in (fixer, nameless):
            begun = time.process_time()
            found = each.check(hard)
            times.append(time.process_time() - begun)
            assert not faults(hard, found), name
        slow = " **over**" if times[0] > _LIMIT else ""
        rows.append(f"| {name} | {times[0]:.2f}{slow} | {times[1]:.2f} | {len(found):,} |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    main()
