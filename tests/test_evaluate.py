from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import mtfix
from mtfix.evaluate import evaluate


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {"lang_pair": pair, "mt": mt, "pe": pe}
        for pair in ("aa-en", "bb-en")
        for mt, pe in (
            ("They left despite of the rain.", "They left despite the rain."),
            ("The harvest was good.", "The harvest was good."),
        )
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "mlqe_pe.test20.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def test_doing_nothing_stands_beside_mtfix(data: Path) -> None:
    found = evaluate("mlqe-pe", data, mtfix.Fixer(regenerate=False))
    lines = {line.split()[0]: line.split() for line in str(found).splitlines() if line}
    assert lines["aa-en"][1:5] == ["2", "1", "1", "0"]
    assert lines["mean"][1:5] == ["4", "2", "2", "0"]
    before, after = (float(lines["mean"][column]) for column in (5, 7))
    assert after < before
    for metric in ("TER", "chrF", "BLEU"):
        assert f"{metric}: nrefs:1" in str(found) and "version:" in str(found)
    assert [change["after"] for change in found.changes] == ["They left despite the rain."] * 2


def test_unknown_sets_and_missing_data_are_told(tmp_path: Path) -> None:
    fixer = mtfix.Fixer(regenerate=False)
    with pytest.raises(mtfix.OptionsError, match="mlqe-pe"):
        evaluate("wmt", tmp_path, fixer)
    with pytest.raises(mtfix.OptionsError, match="mlqe_pe"):
        evaluate("mlqe-pe", tmp_path, fixer)
