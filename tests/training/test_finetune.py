"""A user's own post-edits → a model of their own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import mtfix
from mtfix.cli import main
from mtfix.regenerate.load import find_model
from mtfix.regenerate.model import Heads
from mtfix.training import batches
from tests.tiny_model import SENTENCES, make_model

ROWS = [{"mt": f"{n} {text.replace(' the ', ' ', 1)}", "pe": f"{n} {text}"} for n in range(3, 13) for text in SENTENCES]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("base"))


def test_post_edits_make_a_model_that_loads(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(batches, "_CHUNK", 40)
    pairs, out = write(tmp_path / "pairs.jsonl", ROWS), tmp_path / "ours"
    before = {file.name: file.read_bytes() for file in base.iterdir() if file.is_file()}
    assert main(["train", str(pairs), str(out), "--model", str(base), "--minutes", "0.05", "--rate", "1e-3"]) == 0
    table = capsys.readouterr().out
    assert str(base) in table and str(out) in table and "nothing" in table
    assert {file.name: file.read_bytes() for file in base.iterdir() if file.is_file()} == before
    assert not (out / "checkpoint.pt").exists()

    old, new = (Heads.load(find_model(str(folder)).path).layers["token"] for folder in (base, out))
    assert not np.array_equal(old[0], new[0])
    recipe = json.loads((out / "mtfix.json").read_text(encoding="utf-8"))["recipe"]
    assert recipe["from"] == str(base) and 0 < recipe["pairs"] < len(ROWS)
    repair = mtfix.repair(SENTENCES[0], model=str(out))
    assert repair.text == mtfix.result.replay(SENTENCES[0], repair.edits)

    assert main(["train", str(pairs), str(out), "--model", str(base), "--minutes", "0.01"]) == 2
    assert "already holds a model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 81: not JSON"),
        ('{"mt": "No correction."}', "line 81: needs a string under “pe”"),
        ('{"mt": 3, "pe": "Three."}', "line 81: needs a string under “mt”"),
        ("[1, 2]", "line 81: needs a string under “mt”"),
    ],
)
def test_a_bad_row_is_named(
    base: Path, tmp_path: Path, line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = write(tmp_path / "pairs.jsonl", ROWS)
    pairs.write_text(pairs.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    assert main(["train", str(pairs), str(tmp_path / "out"), "--model", str(base)]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("rows", "model", "words"),
    [(ROWS[:20], "", "too few"), (ROWS, "no-such-model", "no shipped model"), (None, "", "no such file")],
)
def test_what_cannot_be_learnt_from_is_told(
    base: Path,
    tmp_path: Path,
    rows: list[dict[str, str]] | None,
    model: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pairs = tmp_path / "pairs.jsonl" if rows is None else write(tmp_path / "pairs.jsonl", rows)
    assert main(["train", str(pairs), str(tmp_path / "out"), "--model", model or str(base)]) == 2
    assert words in capsys.readouterr().err
