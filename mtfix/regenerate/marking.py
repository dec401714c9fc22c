"""How a sentence with one marked span is put to the model; the same in training and in use.

    context… <ctx> left <span> the span </span> right </s>   →   replacement </s>

The replacement carries its own leading space, so that spacing needs no rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtfix.document import Token

PAD, UNKNOWN, BOS, EOS = 0, 1, 2, 3
CONTEXT_MARK, OPEN, CLOSE = "<ctx>", "<span>", "</span>"
MARKS = (CONTEXT_MARK, OPEN, CLOSE)
POSITIONS = 256
_CONTEXT, _LEFT, _RIGHT = 40, 84, 60
LONGEST_SPAN = 64


class Pieces:
    """The SentencePiece vocabulary of a model, with the marks as control pieces that no text can spell."""

    def __init__(self, model: Path) -> None:
        """Load `model`, a SentencePiece file."""
        import sentencepiece

        self.processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self.context_mark, self.open, self.close = (self.processor.piece_to_id(mark) for mark in MARKS)

    def __len__(self) -> int:
        return int(self.processor.get_piece_size())

    def encode(self, text: str) -> list[int]:
        """Encode text as it is: a leading space is kept in the first piece. A lone surrogate reads as "?"."""
        return list(self.processor.encode(text.encode("utf-8", "replace").decode()))

    def decode(self, ids: list[int]) -> str:
        """Decode pieces, dropping control pieces; a leading space stays."""
        text = self.processor.decode([i for i in ids if i > EOS])
        first = next((i for i in ids if i > EOS), None)
        if first is not None and self.processor.id_to_piece(first).startswith("▁") and not text.startswith(" "):
            return " " + str(text)
        return str(text)

    def texts(self, ids: list[int]) -> list[str]:
        """Return the pieces as strings."""
        return [str(self.processor.id_to_piece(i)) for i in ids]

    def mark(self, text: str, start: int, end: int, context: str = "") -> list[int]:
        """Return input pieces for the span `[start, end)` of a sentence, cropped to the model's positions.

        A space before the span belongs to the span.
        """
        flat = spaced(text)
        start, end = start + (flat[start] != " "), end + 1
        left = self.encode(flat[:start])[-_LEFT:]
        span = self.encode(flat[start:end])[:LONGEST_SPAN]
        right = self.encode(flat[end:])[:_RIGHT]
        before = self.encode(spaced(context))[-_CONTEXT:] if context else []
        return [*before, self.context_mark, *left, self.open, *span, self.close, *right, EOS]

    def words(self, text: str, tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
        """Return input pieces for the tagger, and where among them each token begins.

        `tokens` have offsets in `text`. Pieces past the model's positions are cut off; tokens that begin there
        are left out of the second list.
        """
        ids: list[int] = []
        begins: list[int] = []
        last = 0
        for token in tokens:
            between = text[last : token.start]
            begins.append(len(ids))
            ids += self.encode((" " if not last or between else "") + token.text)
            last = token.end
        return [*ids[: POSITIONS - 1], EOS], [begin for begin in begins if begin < POSITIONS - 1]


def spaced(text: str) -> str:
    """Return the text with one space before it and every white-space character turned into a space.

    Offsets in the result are those in the text plus one.
    """
    return " " + "".join(" " if char.isspace() else char for char in text)
