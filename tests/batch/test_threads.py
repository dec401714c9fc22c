from __future__ import annotations

import os

import pytest

from mtfix.batch.engine import THREADS, _environment


def test_a_worker_starts_with_its_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    own, *others = THREADS
    monkeypatch.setenv(own, "7")  # what the user says stays
    for name in others:
        monkeypatch.delenv(name, raising=False)
    with _environment(3):
        assert [os.environ[name] for name in THREADS] == ["7", *("3" for _ in others)]
    assert os.environ[own] == "7"
    assert not set(others) & os.environ.keys()
