from __future__ import annotations

import pytest

from mtfix.names.veto import differ_in_ending


@pytest.mark.parametrize("pair", ["marin/marina", "petrov/petrova", "marino/marina", "korea/korean", "delan/delans"])
def test_endings_that_make_another_name(pair: str) -> None:
    assert differ_in_ending(*pair.split("/"))


@pytest.mark.parametrize("pair", ["sergei/sergey", "falluja/fallujah", "delruti/delroti", "hakeem/hakim"])
def test_endings_that_do_not(pair: str) -> None:
    assert not differ_in_ending(*pair.split("/"))
