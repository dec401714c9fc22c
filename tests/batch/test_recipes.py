"""The recipes for pandas and Hugging Face datasets that the documentation gives."""

from __future__ import annotations

from typing import Any

import pytest

from mtfix import Fixer

BEFORE = ["It was a qualitative blow to the group.", "It rained."]
AFTER = ["It was a significant blow to the group.", "It rained."]


def test_pandas() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": [1, 2], "text": BEFORE})

    fixer = Fixer(regenerate=False)
    frame["repaired"] = [repair.text for repair in fixer.pipe(frame["text"])]
    frame["edits"] = [len(repair.edits) for repair in fixer.pipe(frame["text"])]

    assert frame["repaired"].tolist() == AFTER
    assert frame["edits"].tolist() == [1, 0]


def test_hugging_face_datasets() -> None:
    datasets: Any = pytest.importorskip("datasets")
    data = datasets.Dataset.from_dict({"id": [1, 2], "text": BEFORE})

    fixer = Fixer(regenerate=False)
    repaired = data.map(
        lambda rows: {"text": [repair.text for repair in fixer.pipe(rows["text"])]}, batched=True, new_fingerprint="x"
    )

    assert repaired["text"][:] == AFTER
