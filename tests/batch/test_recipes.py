"""The recipes for pandas and Hugging Face datasets that the documentation gives."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from mtfix import Fixer
from mtfix.files import InputError

BEFORE = ["It was a qualitative blow to the group.", None, "It rained.", ""]
AFTER = ["It was a significant blow to the group.", None, "It rained.", ""]


@pytest.mark.parametrize("kind", [object, "string"])
def test_pandas(kind: Any) -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": [1, 2, 3, 4], "text": pandas.Series(BEFORE, dtype=kind)})

    fixer = Fixer(regenerate=False)
    frame["repaired"] = frame["text"].map(fixer.clean, na_action="ignore")

    assert frame["repaired"].isna().tolist() == [False, True, False, False]
    assert frame["repaired"].dropna().tolist() == [text for text in AFTER if text is not None]


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    module: Any = pytest.importorskip("datasets")
    monkeypatch.setattr(module.config, "HF_DATASETS_CACHE", tmp_path)
    return module


def test_each_split_of_a_dataset_has_its_own_rows(datasets: Any, tmp_path: Path) -> None:
    splits = {"train": BEFORE, "test": ["It was fine.", BEFORE[0], None, "Good."]}
    for name, texts in splits.items():  # on the disk, where what is mapped is cached
        datasets.Dataset.from_dict({"id": [1, 2, 3, 4], "text": texts}).save_to_disk(tmp_path / "data" / name)
    data = datasets.DatasetDict({name: datasets.load_from_disk(tmp_path / "data" / name) for name in splits})

    fixer = Fixer(regenerate=False)
    repaired = data.map(lambda row: {"text": row["text"] and fixer.clean(row["text"])})
    alone = data["test"].map(lambda row: {"text": row["text"] and fixer.clean(row["text"])})

    assert repaired["train"]["text"][:] == AFTER
    assert repaired["test"]["text"][:] == alone["text"][:] == ["It was fine.", AFTER[0], None, "Good."]
    assert repaired["test"]["id"][:] == [1, 2, 3, 4]


def test_a_fixer_can_be_hashed_by_what_it_does(datasets: Any, tmp_path: Path) -> None:
    names = tmp_path / "names.json"

    def hashed(**options: Any) -> str:
        fixer = Fixer(regenerate=False, **options)
        return str(datasets.fingerprint.Hasher.hash(lambda row: {"text": fixer.clean(row["text"])}))

    names.write_text('{"Tariq": ["Tarik"]}', "utf-8")
    before = hashed(glossary=names)
    assert before == hashed(glossary=names)
    assert before != hashed(glossary=names, strength="balanced")
    names.write_text('{"Tariq": ["Tareq"]}', "utf-8")
    assert before != hashed(glossary=names)


def test_a_fixer_goes_to_another_process_as_it_is(tmp_path: Path) -> None:
    names = tmp_path / "names.json"
    names.write_text('{"Tariq": ["Tarik"]}', "utf-8")
    sent = pickle.dumps(Fixer(regenerate=False, glossary=str(names), categories=frozenset({"entity"})))
    assert pickle.loads(sent).clean("Tarik spoke of a qualitative blow.") == "Tariq spoke of a qualitative blow."
    names.write_text('{"Tariq": ["Tareq"]}', "utf-8")
    with pytest.raises(InputError, match="glossary isn't what the run was started with"):
        pickle.loads(sent)
