"""mtfix repairs machine-translated English and changes nothing else.

>>> import mtfix
>>> mtfix.clean("It was a qualitative blow to the group.")
'It was a significant blow to the group.'
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mtfix.fixer import Fixer
from mtfix.options import Options, OptionsError
from mtfix.result import Edit, Entity, Issue, Mention, Rejection, Repair

__version__ = "0.1.0"
__all__ = [
    "Edit",
    "Entity",
    "Fixer",
    "Issue",
    "Mention",
    "Options",
    "OptionsError",
    "Rejection",
    "Repair",
    "check",
    "clean",
    "repair",
]


def clean(text: str, **options: Any) -> str:
    """Return the repaired text. Keywords are the fields of `Options`."""
    return _fixer(**options).clean(text)


def check(text: str, **options: Any) -> list[Issue]:
    """Return what is found in the text, without changing it. Keywords are the fields of `Options`."""
    return _fixer(**options).check(text)


def repair(text: str, **options: Any) -> Repair:
    """Return the repaired text with edits, issues, names and rejected candidates, all with offsets."""
    return _fixer(**options).repair(text)


def _fixer(**options: Any) -> Fixer:
    """Return the fixer of the last options again, so that the model is loaded once."""
    try:
        hash(tuple(options.values()))
    except TypeError:  # a glossary given as a mapping
        return Fixer(**options)
    return _last_fixers(**options)


_last_fixers = lru_cache(maxsize=2)(Fixer)
