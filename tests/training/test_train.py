"""The whole recipe on a few sentences: tokenizer, two stages with resume, export, gate, and the fixer with it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch
import zstandard

import mtfix
from mtfix.options import Options
from mtfix.regenerate.load import find_model, load_model
from mtfix.training import export, train, tune
from tests.tiny_model import SENTENCES


def write(path: Path, rows: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else zstandard.compress(text))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    prose = [
        {"doc_id": f"d{i}", "source": "made-up", "text": " ".join(SENTENCES[i % 8 :] + SENTENCES[: i % 8])}
        for i in range(60)
    ]
    write(folder / "prose_open.jsonl.zst", prose)
    write(folder / "prose_un_speeches.jsonl.zst", prose[:5])
    edited = [
        {"lang_pair": "xx-en", "id": i, "mt": text.replace("the", "a").replace("was", "is"), "pe": text, "hter": 0.2}
        for i, text in enumerate(SENTENCES * 3)
    ]
    write(folder / "mlqe_pe.train.jsonl.gz", edited)
    write(folder / "mlqe_pe.dev.jsonl.gz", edited)
    write(folder / "un_ar_es_en_mt.jsonl.zst", [])
    write(folder / "wmt_into_english.jsonl.zst", [])
    return folder


def test_the_recipe_runs_from_data_to_a_fixer(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work, out = tmp_path / "work", tmp_path / "model"

    def stage(name: str, tokens: int) -> dict[str, object]:
        train.train(work, data, name, tokens, 1e-4, vocabulary=380)  # type: ignore[arg-type]
        progress: dict[str, object] = torch.load(work / "checkpoint.pt", weights_only=True)["progress"]
        return progress

    first = stage("dense", 2000)
    again = stage("dense", 6000)
    assert first["stage"] == again["stage"] == "dense"
    assert int(again["steps"]) > int(first["steps"]) > 0  # type: ignore[call-overload]
    spans = stage("spans", 2000)
    assert spans["stage"] == "spans" and int(spans["tokens"]) < int(again["tokens"])  # type: ignore[call-overload]

    export.main([str(work), str(out)])
    gate = tune.tune(load_model(find_model(str(out)), Options()), data)
    gate.save(out)
    assert set(gate.thresholds) == {"conservative", "balanced", "thorough"}
    assert "human sentences changed" in capsys.readouterr().out
    for backend in ("ctranslate2", "torch"):
        fixer = mtfix.Fixer(model=str(out), backend=backend)
        assert fixer.clean(SENTENCES[0]) == SENTENCES[0]
        scores = fixer.token_scores(SENTENCES[0].split())
        assert len(scores) == len(SENTENCES[0].split()) and all(0 <= score <= 1 for score in scores)
