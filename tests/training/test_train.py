"""The whole recipe on a few sentences: data, training with resume, export, gate, and the fixer with it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

import mtfix
from mtfix.options import Options
from mtfix.regenerate.features import FEATURES
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.load import find_model, load_tagger
from mtfix.regenerate.network import EditNetwork
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training import batches, development, export, material, train, tune
from tests.tiny_model import INSERTIONS, SENTENCES, TOKEN_OPERATIONS, make_model, make_network, make_pieces
from tests.toy_data import write

Array = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    prose = [
        {"doc_id": f"d{i}", "source": "made-up", "text": " ".join(SENTENCES[i % 8 :] + SENTENCES[: i % 8])}
        for i in range(60)
    ]
    write(folder / "prose_open.jsonl.zst", prose)
    write(folder / "prose_un_speeches.jsonl.zst", prose[:5])
    spoilt = [(text, text.replace(" the ", " a ").replace("was", "is")) for text in SENTENCES * 3]
    spoilt += [(text, text.replace(" the ", " ")) for text in SENTENCES * 3]
    edited = [
        {"lang_pair": "xx-en", "id": i, "mt": mt, "pe": pe, "hter": 0.2 if i % 6 else 0.9}
        for i, (pe, mt) in enumerate(spoilt)
    ]
    write(folder / "mlqe_pe.train.jsonl.gz", edited)
    write(folder / "mlqe_pe.dev.jsonl.gz", edited)
    near = [
        {"sys": ["s"], "mt": SENTENCES[1].replace("horses", "horse")},
        {"sys": ["t", "u"], "mt": SENTENCES[1] + " Yes."},
        {"sys": ["v"], "mt": "Nothing like it."},
    ]
    write(folder / "un_ar_es_en_mt.jsonl.zst", [])
    write(folder / "wmt_into_english.jsonl.zst", [{"doc": "w", "refs": [SENTENCES[1]], "mts": near}])
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of random weights and a small vocabulary in place of DistilBERT, short chunks, and a clock."""

    def start(folder: Path, operations: Operations, layers: int) -> EditNetwork:
        return make_network(len(WordPieces(folder / WORDPIECES)), operations)

    def vocabulary(texts: Iterable[str], folder: Path) -> Path:
        assert SENTENCES[0] in set(texts)
        return make_pieces(folder)

    monkeypatch.setattr(train, "from_distilbert", start)
    monkeypatch.setattr(material, "prune_vocabulary", vocabulary)
    now = itertools.count(0, 0.05)  # a clock that goes on whenever it is looked at, whatever the machine is busy with
    monkeypatch.setattr(train, "time", SimpleNamespace(monotonic=lambda: next(now)))
    monkeypatch.setattr(material, "near_words", lambda: {"river": ["stream"]})
    monkeypatch.setattr(batches, "_CHUNK", 60)


def checkpoint(folder: Path) -> dict[str, Any]:
    saved: dict[str, Any] = torch.load(folder / "checkpoint.pt", weights_only=True)
    return saved


def test_the_recipe_runs_from_data_to_a_fixer(
    data: Path, small: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work, out = tmp_path / "work", tmp_path / "model"
    material.main([str(work), "--data", str(data)])
    assert "40 edited" in (counted := capsys.readouterr().out) and "8 marked" in counted and "2 voted" in counted

    def run(seconds: float) -> dict[str, Any]:
        train.main([str(work), "--minutes", str(seconds / 60), "--rate", "1e-3", "--mix", "real"])
        printed = capsys.readouterr().out
        assert "operations " in printed and "MCC " in printed
        return checkpoint(work)

    first = run(4)
    assert Operations.load(work).token[:3] == ("keep", "delete", "other")
    assert {"=a", "=the"} & set(Operations.load(work).token) and "the" in Operations.load(work).gap
    again = run(8)
    assert again["progress"]["steps"] > first["progress"]["steps"] > 0
    assert again["progress"]["chunk"] > first["progress"]["chunk"]
    assert 4 <= first["progress"]["seconds"] < 8 <= again["progress"]["seconds"] < 9
    kept = "encoder.embeddings.word_embeddings.weight"
    assert torch.equal(first["network"][kept], again["network"][kept])
    assert not torch.equal(first["network"]["token.weight"], again["network"]["token.weight"])

    finished = run(8)  # its time is spent: nothing is added, and what was saved is what there is
    assert finished["progress"]["steps"] == again["progress"]["steps"]
    assert all(torch.equal(tensor, again["network"][name]) for name, tensor in finished["network"].items())

    train.main([str(work / "next"), "--minutes", "0.03", "--start", str(work / "checkpoint.pt")])
    assert checkpoint(work / "next")["progress"]["steps"] > 0

    export.main([str(work), str(out)])
    recipe = json.loads((out / "mtfix.json").read_text(encoding="utf-8"))["recipe"]
    assert recipe["steps"] == finished["progress"]["steps"]
    capsys.readouterr()
    tune.main([str(out), "--data", str(data)])
    printed = capsys.readouterr().out
    gate = Gate.load(out)
    assert gate.features == FEATURES
    for strength, threshold in gate.thresholds.items():
        assert 0 <= threshold <= tune.NEVER and f"{strength}: threshold {threshold:.3f}" in printed

    tokens = SENTENCES[0].split()
    ours, theirs = (mtfix.Fixer(model=str(out), backend=backend) for backend in ("ctranslate2", "torch"))
    assert ours.token_scores(tokens) == pytest.approx(theirs.token_scores(tokens), abs=0.1)
    repair = ours.repair(SENTENCES[0])
    assert repair.text == mtfix.result.replay(SENTENCES[0], repair.edits)


def prepared(data: Path, folder: Path) -> material.Material:
    folder.mkdir(exist_ok=True)
    return material.read_material(data, folder, {})


def test_material_is_sorted_by_what_can_be_learnt_from_it(data: Path, small: None, tmp_path: Path) -> None:
    found = prepared(data, tmp_path)
    assert {name: len(pool) for name, pool in found.pools.items()} == {"edited": 40, "marked": 8, "voted": 2}
    assert (found.pools["marked"].token < 0).all() and (found.pools["edited"].token >= 0).any()
    assert set(found.clean) == set(SENTENCES) and list(found.development) == ["xx-en"]


def test_material_comes_back_as_it_was_saved(data: Path, small: None, tmp_path: Path) -> None:
    found = prepared(data, tmp_path)
    found.save(tmp_path)
    again = material.Material.load(tmp_path)
    assert again.clean == list(found.clean) and again.summary() == found.summary()
    for one, other in ((found.pools, again.pools), (found.development, again.development)):
        assert one.keys() == other.keys()
        for name in one:
            assert all(
                np.array_equal(a, b)
                for a, b in zip(one[name].arrays("").values(), other[name].arrays("").values(), strict=True)
            )


def test_training_learns(data: Path, small: None, tmp_path: Path) -> None:
    found = prepared(data, tmp_path)
    network = train.start(tmp_path)
    recipe = batches.Recipe(batches.MIXES["real"])
    mill = batches.Mill(found, WordPieces(tmp_path / WORDPIECES), network.operations, recipe)
    before = development.figures(network, found.development)
    train.train(tmp_path, mill, network, train.Schedule(5, 1e-3))
    after = development.figures(network, found.development)
    assert after.operations < before.operations and after.insertions < before.insertions


def test_weights_are_averaged_with_those_they_descend_from() -> None:
    operations = Operations(TOKEN_OPERATIONS, INSERTIONS)
    one, other = make_network(40, operations), make_network(40, operations)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(1.0)
    before = {name: tensor.clone() for name, tensor in one.state_dict().items()}
    after = export.mean(one, other, 0.25).state_dict()
    assert all(torch.allclose(after[name], before[name] + 0.25, atol=1e-5) for name in before)
    with pytest.raises(ValueError, match="one shape"):
        export.mean(one, make_network(41, operations), 0.25)


def test_a_run_starts_from_no_model_of_another_vocabulary(data: Path, small: None, tmp_path: Path) -> None:
    """Its piece ids would mean other pieces, and nothing else would tell."""
    work, model = tmp_path / "work", make_model(tmp_path / "model")
    material.main([str(work), "--data", str(data), "--start", str(model)])
    train.start(work, model=str(model))
    stored = (work / "operations.json").read_text(encoding="utf-8")
    (work / "operations.json").write_text(stored.replace('"other"', '"the"', 1), encoding="utf-8")
    with pytest.raises(ValueError, match="was not made for"):
        train.start(work, model=str(model))


def labelled(features: Array, better: bool, human: bool, key: str) -> tune.Labelled:
    gain = 0.0 if human else 1.0 if better else -1.0
    return tune.Labelled(features, better, human, "xx-en", key, gain, gain)


def made_up(spread: float) -> list[tune.Labelled]:
    """Return candidates of which the first feature alone tells anything; the others spread by chance."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 1, (500, len(FEATURES))) * spread
    rows[:, 0] = [*np.linspace(-1, 1, 400), *np.linspace(-1, -0.5, 100)]
    return [labelled(row, bool(row[0] > 0), i >= 400, f"sentence {i}") for i, row in enumerate(rows)]


def ends(gate: Gate) -> tuple[float, float]:
    """Return what the gate says of a candidate that is surely bad, and of one that is surely good."""
    bad, good = np.zeros((2, len(FEATURES)))
    bad[0], good[0] = -1, 1
    return float(gate.probability(bad)[0]), float(gate.probability(good)[0])


def test_the_gate_lets_through_what_is_better_and_no_human_english() -> None:
    items = made_up(spread=1.0)
    gate = tune.fitted(items, tune.out_of_fold(items))
    bad, good = ends(gate)
    assert bad < gate.thresholds["thorough"] <= gate.thresholds["balanced"] <= gate.thresholds["conservative"] <= good


def test_a_feature_that_never_varies_leaves_the_gate_working() -> None:
    items = made_up(spread=0.0)
    bad, good = ends(tune.fitted(items, tune.out_of_fold(items)))
    assert bad < 0.5 < good


def test_a_garbled_sentence_counts_once_however_many_its_candidates() -> None:
    """Ninety deletions from one looping sentence are no evidence; the five sentences made worse are."""
    row = np.zeros(len(FEATURES))
    items = [labelled(row, True, False, "loop") for _ in range(90)]
    items += [labelled(row, False, False, f"other {i}") for i in range(5)]
    assert set(tune.fitted(items, np.full(len(items), 0.9)).thresholds.values()) == {tune.NEVER}


def test_mending_errors_that_were_put_in_opens_no_gate() -> None:
    items = [item._replace(group="spoilt") for item in made_up(spread=1.0) if not item.human]
    gate = tune.fitted(items, tune.out_of_fold(items))
    assert gate.trees and set(gate.thresholds.values()) == {tune.NEVER}


def test_human_sentences_get_one_error_each_of_every_kind() -> None:
    clean = [tune.Text(text, text, text, "human") for text in SENTENCES * 2]
    made = tune.spoilt(clean)
    assert len(made) > len(clean) / 2
    assert all(item.text != item.post_edit and item.post_edit in SENTENCES for item in made)
    assert tune.spoilt(clean) == made


def test_a_gate_without_evidence_stays_shut() -> None:
    gate = tune.fitted([], tune.out_of_fold([]))
    assert set(gate.thresholds.values()) == {tune.NEVER}


def test_an_exported_model_without_its_gate_can_be_tuned(small: None, data: Path, tmp_path: Path) -> None:
    prepared(data, tmp_path / "work")
    network = train.start(tmp_path / "work")
    export.export(network, tmp_path / "work" / WORDPIECES, tmp_path / "model", {})
    tagger = load_tagger(find_model(str(tmp_path / "model")), Options())
    found = tune.collect(tagger, tune.human(data, 5), is_human=True)
    assert found.words and all(item.human and not item.better for item in found.labelled)
