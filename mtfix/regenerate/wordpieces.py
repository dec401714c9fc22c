"""Tokens → the pieces that the tagger reads, with where each token begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

WORDPIECES = "wordpieces.json"
POSITIONS = 256


class Encoded(NamedTuple):
    """Piece ids of a sentence; the place of each token's first piece, and that of the end mark after the last."""

    ids: list[int]
    begins: list[int]


class WordPieces:
    """A cased WordPiece vocabulary."""

    def __init__(self, path: Path) -> None:
        """Load `path`, a tokenizers file."""
        from tokenizers import Tokenizer

        self.tokenizer: Any = Tokenizer.from_file(str(path))

    def __len__(self) -> int:
        return int(self.tokenizer.get_vocab_size())

    @property
    def mask(self) -> int:
        """The id that stands for a piece that is hidden in training."""
        return int(self.tokenizer.token_to_id("[MASK]"))

    def texts(self) -> list[str]:
        """Return all pieces in the order of their ids."""
        return [str(self.tokenizer.id_to_token(i)) for i in range(len(self))]

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Encoded]:
        """Encode the tokens of sentences.

        A token without a piece (an unprintable character) reads as unknown. Tokens past the model's positions are cut
        off: `begins` then has fewer than one more than there are tokens.
        """
        clean = [[token.encode("utf-8", "replace").decode() for token in tokens] for tokens in sentences]
        return [_encoded(e, len(tokens)) for e, tokens in zip(self._batch(clean), clean, strict=True)]

    def _batch(self, sentences: list[list[str]]) -> list[Any]:
        return list(self.tokenizer.encode_batch(sentences, is_pretokenized=True))


def _encoded(encoding: Any, tokens: int) -> Encoded:
    ids, words = list(encoding.ids), encoding.word_ids
    first: dict[int, int] = {}
    for position, word in enumerate(words):
        if word is not None:
            first.setdefault(word, position)
    end = len(ids) - 1
    begins = [first.get(i, -1) for i in range(tokens)]
    for i in reversed(range(tokens)):  # a token without pieces stands where the next one does
        if begins[i] < 0:
            begins[i] = begins[i + 1] if i + 1 < tokens else end
    if len(ids) <= POSITIONS:
        return Encoded(ids, [*begins, end])
    kept = [begin for begin in begins if begin < POSITIONS - 1]
    return Encoded([*ids[: POSITIONS - 1], ids[-1]], kept)
