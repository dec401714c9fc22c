"""Corpora: readers and writers per format, and the engine that repairs their rows."""

from mtfix.batch.corpus import Kind, Summary, format_of, register_names, repair_corpus

__all__ = ["Kind", "Summary", "format_of", "register_names", "repair_corpus"]
