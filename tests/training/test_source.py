"""Learning the source-language guess: from runs to texts to weights that guess."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="needs mtfix[train]")

from mtfix.source.guess import Guesser, Weights
from mtfix.training.source import calibrated, fit, write
from mtfix.training.source_documents import Run, Text, cut

SLAVIC = ("And in this connection he did it.", "They have it not, but will.", "It was by him decided.")
GERMAN = ("There is it quite so again.", "For this must it then always be.", "He is already since.")
PLAIN = ("She could have done without.", "Nobody would, I should say.", "Why, we had rather not.")


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    rng = random.Random(0)
    return [
        Text(language, "news", " ".join(rng.choices(sentences, k=rng.randint(1, 6))))
        for language, sentences in (("ru", SLAVIC), ("de", GERMAN), ("en", PLAIN))
        for _ in range(200)
    ]


def test_runs_are_cut_in_order_and_not_across() -> None:
    runs = [Run("ru", "news", [f"a{n}" for n in range(25)]), Run("ru", "news", [f"b{n}" for n in range(9)])]
    texts = sorted(text.text for text in cut(runs, (10,), 100))
    assert texts == [" ".join(f"a{n}" for n in range(10)), " ".join(f"a{n}" for n in range(10, 20))]


def test_no_domain_gives_more_than_its_share() -> None:
    runs = [Run("ru", "news", ["a"] * 50), Run("ru", "talks", ["b"] * 3), Run("en", "news", ["c"] * 50)]
    assert [text.text for text in cut(runs, (1,), 4)] == ["a"] * 4 + ["b"] * 3 + ["c"] * 4


def test_what_is_learned_is_guessed_also_when_read_back(texts: list[Text], tmp_path: Path) -> None:
    weights = calibrated(fit(texts, inverse_penalty=1), texts)
    write(weights, tmp_path / "weights.json")
    guesser = Guesser(Weights(**json.loads((tmp_path / "weights.json").read_text(encoding="utf-8"))))
    for text in texts:
        said = guesser(text.text)
        assert said[text.language] > 0.5
        assert said == pytest.approx(Guesser(weights)(text.text))


def test_calibration_makes_an_unsure_guess_surer_and_a_wrong_one_less_sure(texts: list[Text]) -> None:
    weights = fit(texts, inverse_penalty=1e-4)
    assert Guesser(calibrated(weights, texts))(texts[0].text)["ru"] > Guesser(weights)(texts[0].text)["ru"]
    mixed = [text._replace(language=language) for text in texts for language in ("ru", "de", "en")]
    assert Guesser(calibrated(weights, mixed))(texts[0].text)["ru"] == pytest.approx(1 / 3, abs=0.05)
