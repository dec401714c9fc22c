from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from mtfix.options import STRENGTHS, Options, OptionsError


def test_defaults_are_the_cautious_ones() -> None:
    options = Options()
    assert options.strength == STRENGTHS[0] == "conservative"
    assert (options.source, options.device, options.threads) == ("auto", "cpu", 0)
    assert options.names
    assert options.regenerate


def test_options_are_immutable_and_overridden_by_keyword() -> None:
    options = Options(strength="thorough")
    with pytest.raises(FrozenInstanceError):
        options.strength = "balanced"  # type: ignore[misc]
    assert replace(options, names=False) == Options(strength="thorough", names=False)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        Options(colour="red")  # type: ignore[call-arg]


def test_an_options_error_is_a_value_error() -> None:
    assert issubclass(OptionsError, ValueError)


def test_every_option_has_a_default() -> None:
    assert all(getattr(Options(), field.name) == field.default for field in fields(Options))
