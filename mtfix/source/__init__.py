"""The source-language guess: which language an English text was translated from."""

from mtfix.source.guess import guess

__all__ = ["guess"]
