from __future__ import annotations

from pathlib import Path

import pytest

from mtfix.batch.identity import identity, load_same
from mtfix.files import InputError
from tests import fake_fixer


@pytest.mark.parametrize("name", ["glossary", "gazetteer", "rules"])
def test_a_fixer_is_loaded_only_from_what_the_run_was_started_with(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.write_text("one", "utf-8")
    options = {"regenerate": False, name: [str(file)] if name == "rules" else str(file)}
    expected = identity(options)
    assert load_same(fake_fixer.load, options, expected).options == options  # type: ignore[attr-defined]
    file.write_text("another", "utf-8")
    with pytest.raises(InputError, match=f"--{name} isn't what the run was started with"):
        load_same(fake_fixer.load, options, expected)
    file.unlink()
    with pytest.raises(InputError, match=f"--{name} isn't what the run was started with"):
        load_same(fake_fixer.load, options, expected)


def test_another_model_or_version_is_not_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mtfix.json").write_text("{}", "utf-8")
    options = {"model": str(tmp_path)}
    expected = identity(options)
    (tmp_path / "heads.npz").write_bytes(b"other")
    with pytest.raises(InputError, match="the model isn't what the run was started with"):
        load_same(fake_fixer.load, options, expected)
    (tmp_path / "heads.npz").unlink()
    monkeypatch.setattr("mtfix.batch.identity.__version__", "0")
    with pytest.raises(InputError, match="the version of mtfix isn't"):
        load_same(fake_fixer.load, options, expected)


def test_threads_make_no_difference() -> None:
    assert identity({"threads": 1}) == identity({"threads": 2})
