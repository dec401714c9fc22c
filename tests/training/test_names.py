from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("anyascii")

import numpy as np

from mtfix.names.similarity import Scorer
from mtfix.training import names
from mtfix.training.name_pairs import make_pairs, read_spellings, split, training_and_held_out

#: Made-up names: consonants in Cyrillic, vowels written in several ways.
VOWELS = {"а": ("a", "ah"), "и": ("i", "ee"), "у": ("u", "oo", "ou")}
CONSONANTS = dict(zip("бдгклмнпрстф", "bdgklmnprstf", strict=True))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = random.Random(1)
    lines = ["lang\tsource_token\ttop_spelling\tspelling\tcount\ttype\torigin"]
    for _ in range(400):
        token = "".join(rng.choice(list(CONSONANTS)) + rng.choice(list(VOWELS)) for _ in range(3))
        spelt = {"".join(CONSONANTS.get(c) or rng.choice(VOWELS[c]) for c in token).capitalize() for _ in range(3)}
        lines += [f"ru\t{token}\t{min(spelt)}\t{name}\t{rng.choice((1, 5))}\tPERSON\ttoy" for name in sorted(spelt)]
    lines.append("ru\tкубима\tKubima\tKubima\t9\tPERSON\ttoy")
    lines.append("ru\tкубима\tKubima\tShogun\t9\tPERSON\ttoy")
    lines.append("xx\tкубима\tKubima\tKubeema\t9\tPERSON\ttoy")
    path = tmp_path / "names.tsv.gz"
    path.write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    return path


def test_wrong_alignments_and_other_languages_are_left_out(table: Path) -> None:
    often, once = read_spellings(table)
    assert often["ru", "кубима"] == ["kubima"]
    assert {language for language, _ in (*often, *once)} == {"ru"}


def test_no_source_token_and_no_spelling_is_on_both_sides(table: Path) -> None:
    often, _ = read_spellings(table)
    learned, held_out = split(often)
    assert learned and held_out and not learned & held_out
    spelled = [{name for source in part for name in often[source]} for part in (learned, held_out)]
    assert spelled[0].isdisjoint(spelled[1])


def test_pairs_are_what_they_say(table: Path) -> None:
    often, _ = read_spellings(table)
    pairs = make_pairs(often, 200, random.Random(0), strangers=50)
    owners = {name: {source for source in often if name in often[source]} for names in often.values() for name in names}
    for pair in pairs:
        assert pair.same == bool(owners[pair.a] & owners[pair.b])
    assert {pair.same for pair in pairs} == {True, False}


def test_what_is_learned_holds_for_names_not_seen(table: Path, tmp_path: Path) -> None:
    scorer = tmp_path / "scorer.json"
    names.main([str(table), str(scorer), "--pairs", "1000"])
    learned = Scorer(**json.loads(scorer.read_text(encoding="utf-8")))
    _, held_out = training_and_held_out(table, 1, 1000)
    same = np.array([pair.same for pair in held_out])
    scores = np.array([learned(pair.a, pair.b, "ru") for pair in held_out])
    assert names.recall_at(scores, same, 0.05) > 0.8


def test_recall_at_counts_positives_above_the_negatives_quantile() -> None:
    scores = np.array([0.9, 0.8, 0.3, 0.5, 0.4, 0.2, 0.1])
    same = np.array([True, True, True, False, False, False, False])
    assert names.recall_at(scores, same, 0.0) == pytest.approx(2 / 3)
