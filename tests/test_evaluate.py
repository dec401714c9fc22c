"""Each set on data of a few rows; a fixer that does what the test says stands in where the score must be known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import mtfix
from mtfix.evaluate import SETS, Evaluation, evaluate
from mtfix.evaluate.detection import mcc
from mtfix.evaluate.result import interval
from mtfix.options import Options
from mtfix.training.corpora import is_held_out
from mtfix.training.noise import MEASURED
from tests.tiny_model import SENTENCES
from tests.toy_data import write


class Scripted:
    """A fixer that cleans and scores as told."""

    options = Options(regenerate=False)

    def __init__(
        self, clean: Callable[[str], str] = lambda text: text, score: Callable[[str], float] = lambda token: 0.0
    ) -> None:
        self.clean = clean
        self.score = score

    def token_scores(self, tokens: Sequence[str]) -> list[float]:
        return [self.score(token) for token in tokens]


def measure(set_name: str, data: Path, fixer: Any, **more: Any) -> Evaluation:
    return evaluate(set_name, data, fixer, **more)


def rows(found: Evaluation) -> dict[str, list[str]]:
    """Return the columns of each line of the table, by the line's first words."""
    parts = [re.split(r"  +", line) for line in str(found).splitlines()]
    return {part[0]: [column for columns in part[1:] for column in columns.split()] for part in parts}


@pytest.fixture
def mlqe(tmp_path: Path) -> Path:
    pairs = (
        ("They left despite of the rain.", "They left despite the rain."),
        ("The harvest was good.", "The harvest was good."),
    )
    made = [{"lang_pair": pair, "mt": mt, "pe": pe} for pair in ("aa-en", "bb-en") for mt, pe in pairs]
    write(tmp_path / "mlqe_pe.test20.jsonl.gz", made)
    return tmp_path


def test_doing_nothing_stands_beside_mtfix(mlqe: Path) -> None:
    found = evaluate("mlqe-pe", mlqe, mtfix.Fixer(regenerate=False))
    table = rows(found)
    assert table["aa-en"][:4] == ["2", "1", "1", "0"]
    assert table["mean"][:4] == ["4", "2", "2", "0"]
    before, arrow, after = table["mean"][4:7]
    assert arrow == "→" and float(after) == 0 < float(before)
    for metric in ("TER", "chrF", "BLEU"):
        assert f"{metric}: nrefs:1" in str(found) and "version:" in str(found)
    assert [change["after"] for change in found.changes] == ["They left despite the rain."] * 2
    assert [change["ter_gain"] for change in found.changes] == ["20.00"] * 2


def test_the_change_has_an_interval(mlqe: Path) -> None:
    found = str(evaluate("mlqe-pe", mlqe, mtfix.Fixer(regenerate=False)))
    told = re.search(
        r"TER ([+-][\d.]+) to ([+-][\d.]+), chrF \(mean of sentences\) ([+-][\d.]+) to ([+-][\d.]+)", found
    )
    assert told
    ter_low, ter_high, chrf_low, chrf_high = map(float, told.groups())
    assert ter_low < 0 and ter_low <= -11.1 <= ter_high <= 0  # one edit in nine words of reference
    assert 0 <= chrf_low <= chrf_high and chrf_high > 0


def test_harm_counts_as_worse(mlqe: Path) -> None:
    table = rows(measure("mlqe-pe", mlqe, Scripted(lambda text: text.replace("good", "goods"))))
    assert table["mean"][:4] == ["4", "2", "0", "2"]
    before, _, after = table["mean"][4:7]
    assert float(after) > float(before)


def test_a_limit_takes_the_first_of_each_part(mlqe: Path) -> None:
    assert rows(measure("mlqe-pe", mlqe, Scripted(), limit=1))["mean"][:4] == ["2", "0", "0", "0"]


def test_un_arabic_reads_the_sentences_kept_out_of_training_by_system(tmp_path: Path) -> None:
    held, seen = ([n for n in range(200) if is_held_out(f"un {n}") == kept] for kept in (True, False))
    made = [
        {"pair": pair, "line": n, "refs": ["The council adopted the resolution."],
         "mts": [{"mt": "The council adopted a resolution.", "sys": ["one", "two"]},
                 {"mt": "Council adopted it.", "sys": ["three"]}]}
        for pair, n in [("ar-en", held[0]), ("ar-en", held[1]), ("ar-en", seen[0]), ("es-en", held[2])]
    ]  # fmt: skip
    write(tmp_path / "un_ar_es_en_mt.jsonl.zst", made)
    fixer = Scripted(lambda text: text.replace(" a ", " the "))
    found = measure("un-arabic", tmp_path, fixer)
    table = rows(found)
    assert [table[system][:4] for system in ("one", "two", "three")] == [["2", "2", "2", "0"]] * 2 + [["2", *"000"]]
    assert all(table[system][-1] == "100.00" for system in ("one", "two"))  # BLEU
    assert {change["after"] for change in found.changes} == {"The council adopted the resolution."}
    assert rows(measure("un-arabic", tmp_path, fixer, limit=1))["mean"][0] == "3"


def tagged(tokens: str, wrong: str, pair: str = "aa-en") -> dict[str, object]:
    return {
        "lang_pair": pair,
        "mt_tokens": tokens.split(),
        "mt_tags": ["BAD" if token in wrong.split() else "OK" for token in tokens.split()],
    }


def test_detection_is_measured_by_language_at_a_threshold_of_the_development_set(tmp_path: Path) -> None:
    write(tmp_path / "mlqe_pe.dev.jsonl.gz", [tagged("low high none none", "low high")])
    test = [tagged("low none", "low"), tagged("low high", "low"), tagged("high none", "high", "bb-en")]
    write(tmp_path / "mlqe_pe.test20.jsonl.gz", test)
    fixer = Scripted(score={"low": 0.3, "high": 0.9, "none": 0.0}.__getitem__)
    table = rows(measure("detection", tmp_path, fixer))
    # aa-en: low, none, low, high; the first and the third are wrong, and all but the second are flagged
    assert table["aa-en"] == ["4", "50.0%", "75.0%", "0.577", "-0.577"]
    assert table["bb-en"] == ["2", "50.0%", "50.0%", "1.000", "1.000"]
    assert table["mean"] == ["0.789", "0.211"]


def test_the_tagger_itself_is_what_is_measured(tmp_path: Path) -> None:
    write(tmp_path / "mlqe_pe.dev.jsonl.gz", [tagged("The old town", "old")])
    write(tmp_path / "mlqe_pe.test20.jsonl.gz", [tagged("The old town", "old")])
    with pytest.raises(mtfix.OptionsError, match="token_scores"):
        evaluate("detection", tmp_path, mtfix.Fixer(regenerate=False))


def test_spans_are_measured_on_characters_beside_rare_words(tmp_path: Path) -> None:
    write(tmp_path / "prose_open.jsonl.zst", [])
    known = {"doc_id": next(f"d{n}" for n in range(50) if not is_held_out(f"d{n}")), "source": "made-up"}
    write(tmp_path / "prose_un_speeches.jsonl.zst", [known | {"text": " ".join(SENTENCES)}])
    text = "The committee wrongs met a raresy farmer."
    span = {"s": text.index("wrongs"), "e": text.index("wrongs") + len("wrongs")}
    write(tmp_path / "spans_zh_en.jsonl.zst", [{"mt": text, "spans": [span]}, {"mt": " ", "spans": []}] * 10)
    table = rows(measure("spans", tmp_path, Scripted(score=lambda token: 0.9 * (token == "wrongs"))))
    share = f"{6 / len(text):.1%}"
    assert table["mtfix"] == [share, "1.000", "1.000", "1.000"]
    assert table["every rare word"][1:] == ["0.500", "1.000", "0.667"]
    assert "random, same rate" in table
    assert f"5 segments, {share} of the characters marked" in str(measure("spans", tmp_path, Scripted()))
    flagging_all = rows(measure("spans", tmp_path, Scripted(score=lambda token: 0.9)))["mtfix"]
    assert float(flagging_all[1]) < 0.25 and flagging_all[2] == "1.000"


@pytest.fixture
def human(tmp_path: Path) -> Path:
    write(tmp_path / "prose_open.jsonl.zst", [])
    write(tmp_path / "prose_un_speeches.jsonl.zst", [])
    unlicensed = [
        {"doc_id": "a", "source": "bbc-x", "text": " ".join(SENTENCES[:4])},
        {"doc_id": "b", "source": "letters", "text": " ".join(SENTENCES[4:])},
        {"doc_id": "c", "source": "newstest2001", "text": "The harvest was translated from another language."},
    ]
    write(tmp_path / "prose_licence_unclear.jsonl.zst", unlicensed)
    return tmp_path


def test_harm_is_the_share_of_human_sentences_changed(human: Path) -> None:
    found = measure("prose", human, Scripted(lambda text: text.replace("harvest", "crop")))
    assert "1 of 8 sentences changed (12.50 %" in str(found)
    assert found.changes == ({"before": SENTENCES[4], "after": SENTENCES[4].replace("harvest", "crop")},)
    assert "0 of 8 sentences changed (0.00 %" in str(measure("prose", human, Scripted()))


def test_half_of_the_human_sentences_are_news(human: Path) -> None:
    found = measure("prose", human, Scripted(lambda text: text + "!"), limit=4)
    news = [change["before"] in SENTENCES[:4] for change in found.changes]
    assert news == [True, True, False, False]
    assert found == measure("prose", human, Scripted(lambda text: text + "!"), limit=4)


@pytest.mark.parametrize(
    ("clean", "touched", "mended", "nearer", "harmed"),
    [
        (lambda text: difflib.get_close_matches(text, SENTENCES, 1, 0.0)[0], 1.0, 1.0, 1.0, 0.0),
        (lambda text: text, 0.0, 0.0, 0.0, 0.0),
        (lambda text: text + " Nobody knew it yet.", 1.0, 0.0, 0.0, 1.0),
    ],
    ids=["all is mended", "nothing is done", "all is harmed"],
)
def test_synthetic_errors_are_counted_by_kind(
    human: Path, clean: Callable[[str], str], touched: float, mended: float, nearer: float, harmed: float
) -> None:
    table = rows(measure("synthetic", human, Scripted(clean)))
    for kind in MEASURED:
        count = int(table[kind][0])
        assert count > 0
        assert table[kind][1:] == [str(round(touched * count)), f"{mended:.1%}", f"{nearer:.1%}", f"{harmed:.1%}"]


def test_a_kind_that_no_sentence_offers_is_no_error(human: Path) -> None:
    only = {"doc_id": "a", "source": "bbc-x", "text": "The farmer sold the horses to the baker."}
    write(human / "prose_licence_unclear.jsonl.zst", [only])
    assert rows(measure("synthetic", human, Scripted()))["agreement"][0] == "0"


def test_mcc_is_what_is_worked_out_by_hand() -> None:
    # 2 found, 1 missed, 1 false alarm, 4 rightly left alone: (2 * 4 - 1 * 1) / sqrt(3 * 3 * 5 * 5)
    assert mcc([True] * 3 + [False] * 5, [True, True, False, True, *[False] * 4]) == pytest.approx(7 / 15)
    assert mcc([True, False], [True, False]) == 1 == -mcc([True, False], [False, True])
    assert mcc([True, False], [True, True]) == 0 == mcc([], [])


def test_an_interval_holds_the_mean_of_the_groups() -> None:
    assert interval([[(0.5, 1.0)] * 10]) == pytest.approx((50, 50))
    assert interval([[(1.0, 1.0)] * 10, [(0.0, 4.0)] * 10, []]) == pytest.approx((50, 50))
    low, high = interval([[(0.0, 1.0)] * 50 + [(1.0, 1.0)] * 50])
    assert 35 < low < 45 and 55 < high < 65  # two standard errors of a half on a hundred: 10
    assert interval([[(0.0, 1.0)] * 50 + [(1.0, 1.0)] * 50]) == (low, high)
    narrow = interval([[(0.0, 1.0)] * 5000 + [(1.0, 1.0)] * 5000])
    assert high - low > 5 * (narrow[1] - narrow[0])


def test_sums_are_divided_by_the_sum_of_weights() -> None:
    assert interval([[(1.0, 2.0)] * 7]) == pytest.approx((50, 50))
    assert interval([[]]) == (0, 0)


def test_an_unknown_set_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(mtfix.OptionsError, match="'wmt'") as told:
        measure("wmt", tmp_path, Scripted())
    assert all(name in str(told.value) for name in SETS)


@pytest.mark.parametrize(
    ("set_name", "file"),
    [
        ("mlqe-pe", "mlqe_pe.test20.jsonl.gz"),
        ("un-arabic", "un_ar_es_en_mt.jsonl.zst"),
        ("detection", "mlqe_pe.dev.jsonl.gz"),
        ("spans", "spans_zh_en.jsonl.zst"),
        ("prose", "prose_open.jsonl.zst"),
        ("synthetic", "prose_open.jsonl.zst"),
    ],
)
def test_missing_data_are_told(tmp_path: Path, set_name: str, file: str) -> None:
    with pytest.raises(mtfix.OptionsError, match=re.escape(file)):
        measure(set_name, tmp_path, Scripted())


@pytest.mark.parametrize("set_name", ["prose", "synthetic"])
@pytest.mark.parametrize("file", ["prose_un_speeches.jsonl.zst", "prose_licence_unclear.jsonl.zst"])
def test_each_file_that_is_missing_is_told(human: Path, set_name: str, file: str) -> None:
    (human / file).unlink()
    with pytest.raises(mtfix.OptionsError, match=re.escape(file)):
        measure(set_name, human, Scripted())
