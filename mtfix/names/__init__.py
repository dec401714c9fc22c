"""One spelling for each name of a document, and how alike two spellings are."""

from __future__ import annotations

from mtfix.names.files import load_names
from mtfix.names.normalize import NamesPass
from mtfix.names.similarity import similarity

__all__ = ["NamesPass", "load_names", "similarity"]
