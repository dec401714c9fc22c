"""mtfix repairs machine-translated English and changes nothing else.

>>> import mtfix
>>> mtfix.clean("It was a qualitative blow to the group.")
'It was a significant blow to the group.'
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mtfix.options import Options, OptionsError
from mtfix.result import Edit, Entity, Issue, Mention, Rejection, Repair

if TYPE_CHECKING:
    from mtfix import names, source
    from mtfix.fixer import Fixer

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
    "names",
    "repair",
    "source",
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


def __getattr__(name: str) -> Any:
    """Load what is heavier than data classes when it is first asked for."""
    if name == "Fixer":
        from mtfix.fixer import Fixer

        return Fixer
    if name in ("names", "source"):
        return importlib.import_module(f"mtfix.{name}")
    raise AttributeError(f"module 'mtfix' has no attribute {name!r}")


@lru_cache(maxsize=2)
def _loaded(**options: Any) -> Fixer:
    from mtfix.fixer import Fixer

    return Fixer(**options)


def _fixer(**options: Any) -> Fixer:
    """Return the fixer of the last options again, so that the model is loaded once."""
    try:
        return _loaded(**options)
    except TypeError as error:
        if "unhashable" not in str(error):  # a glossary given as a mapping cannot be remembered
            raise
    from mtfix.fixer import Fixer

    return Fixer(**options)
