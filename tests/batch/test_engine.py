from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from mtfix.batch.engine import repair_rows
from mtfix.batch.readers import Row
from tests import fake_fixer


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_are_read_only_as_they_are_needed(workers: int) -> None:
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for number in range(1, 10_001):
            read = number
            yield Row(number, b"teh\n", "teh")

    outcomes = repair_rows(rows(), partial(fake_fixer.load), workers)
    row, outcome = next(outcomes)
    assert row.number == 1
    assert outcome is not None
    assert outcome.text == "the"
    assert read < 1000
    outcomes.close()  # type: ignore[attr-defined]


def test_rows_without_text_keep_their_place() -> None:
    rows = [Row(1, b"\n"), Row(2, b"teh\n", "teh"), Row(3, b"\xff\n", reason="bad"), Row(4, b"a\n", "a")]
    outcomes = list(repair_rows(rows, fake_fixer.load))
    assert [row.number for row, _ in outcomes] == [1, 2, 3, 4]
    assert [outcome.text if outcome else None for _, outcome in outcomes] == [None, "the", None, "a"]
