"""Text with offsets: blocks, sentences, tokens, quotations. Every offset is a Python string index."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

BlockKind = Literal["paragraph", "heading", "caption"]

_TOKEN = re.compile(r"\w+(?:['’\-‐‑]\w+)*|[^\w\s]")


class Token(NamedTuple):
    """A word or a punctuation mark with its offsets in the document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range `[start, end)` of a text."""

    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Whether this span and `[start, end)` share a character, or an empty range lies strictly inside."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Sentence:
    """A sentence without the white space around it.

    `index` counts from the start of the document, `block` is the index of its block.
    """

    start: int
    end: int
    text: str
    index: int
    block: int

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Words and punctuation marks, with offsets in the document."""
        return tuple(tokenize(self.text, self.start))

    @cached_property
    def lower(self) -> tuple[str, ...]:
        """The tokens as words of a list are compared with them."""
        return tuple([lower(token.text) for token in self.tokens])


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a picture caption: a run of lines with the sentences in it."""

    start: int
    end: int
    kind: BlockKind
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Document:
    """A text, its lossless segmentation, its quotations, and the spans that nothing may change, both in order.

    Sentences are in order and do not overlap; between them stands only white space, so
    `"".join(document.segments()) == document.text`.
    """

    text: str
    blocks: tuple[Block, ...]
    quotations: tuple[Span, ...] = ()
    protected: tuple[Span, ...] = ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the document, in order."""
        return tuple(sentence for block in self.blocks for sentence in block.sentences)

    @cached_property
    def places(self) -> Mapping[str, Sequence[Token]]:
        """Each different token with the places where it stands, in order: most of what is looked for is not there."""
        places: dict[str, list[Token]] = {}
        for sentence in self.sentences:
            for token in sentence.tokens:
                places.setdefault(token.text, []).append(token)
        return places

    def segments(self) -> Iterator[str]:
        """Yield sentences and the white space between them, in order; joined they are the text."""
        last = 0
        for sentence in self.sentences:
            yield self.text[last : sentence.start]
            yield sentence.text
            last = sentence.end
        yield self.text[last:]

    def previous(self, sentence: Sentence) -> Sentence | None:
        """Return the sentence before this one in the document, if any."""
        return self.sentences[sentence.index - 1] if sentence.index else None

    def is_protected(self, start: int, end: int) -> bool:
        """Whether a change of `[start, end)` would touch a protected span."""
        return self._protected.overlap(start, end)

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether `[start, end)` shares characters with words inside quotation marks."""
        return self._quotations.overlap(start, end)

    @cached_property
    def _protected(self) -> _Spans:
        return _Spans(self.protected)

    @cached_property
    def _quotations(self) -> _Spans:
        return _Spans(self.quotations)


class _Spans:
    """Spans in which a look-up takes logarithmic time."""

    def __init__(self, spans: Sequence[Span]) -> None:
        merged: list[Span] = []
        for span in sorted(spans, key=lambda span: (span.start, span.end)):
            if merged and span.start < merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
            else:
                merged.append(span)
        self._starts = [span.start for span in merged]
        self._ends = [span.end for span in merged]

    def overlap(self, start: int, end: int) -> bool:
        """Whether any of the spans overlaps `[start, end)`."""
        first = bisect_right(self._ends, start)
        return first < len(self._starts) and self._starts[first] < end


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Split into words (with inner apostrophes and hyphens) and single punctuation marks.

    `offset` is added to every position.
    """
    made = tuple.__new__  # what Token() does, in two thirds of the time: every text goes through here several times
    return [made(Token, (m.start() + offset, m.end() + offset, m.group())) for m in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """Split as `tokenize` does, without the offsets."""
    return _TOKEN.findall(text)


def lower(text: str) -> str:
    """Return a token in lower case with straight apostrophes."""
    return text.lower().replace("’", "'")
