"""One immutable set of options, overridden by keyword."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Strength = Literal["conservative", "balanced", "thorough"]
STRENGTHS: tuple[Strength, ...] = ("conservative", "balanced", "thorough")
Names = Mapping[str, Sequence[str]] | str | Path
Files = Sequence[str | Path] | str | Path


class OptionsError(ValueError):
    """An option or a file it names cannot be used; the message says what, where and what to do."""


@dataclass(frozen=True)
class Options:
    """How to repair.

    strength: how sure a change must be. source: ISO 639-1 code of the language the text was translated from,
    or "auto" for the phrasebooks of all languages that a guess doesn't exclude. glossary: mapping or file,
    canonical spelling -> variants to be replaced by it; no variants means that the term is not to be touched.
    gazetteer: mapping or file of known names, canonical -> variants, used only on a unique match of a full
    name. known_names: whether names that neither lists are looked up among those that mtfix ships. rules: file or
    files of your own rules, used beside the phrasebooks. ignore: issue keys to leave alone. categories: if given, only
    these MQM issue types. names, regenerate: these passes on or off. model: a name under models/, a folder, or a
    Hugging Face seq2seq id. prefix: what such a model wants before each sentence ("Fix the grammar: "). backend:
    "ctranslate2" or "torch". device: "cpu" or "cuda". threads: CPU threads of the model, 0 for the library's choice.
    """

    strength: Strength = "conservative"
    source: str = "auto"
    glossary: Names | None = None
    gazetteer: Names | None = None
    known_names: bool = True
    ignore: frozenset[str] = frozenset()
    rules: Files = ()
    categories: frozenset[str] | None = None
    names: bool = True
    regenerate: bool = True
    model: str = "edit-v2"
    prefix: str = ""
    backend: Literal["ctranslate2", "torch"] = "ctranslate2"
    device: str = "cpu"
    threads: int = 0
