"""Text → Document: paragraphs, headings, captions, quotations and sentences, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from mtfix.document import Block, BlockKind, Document, Sentence, Span
from mtfix.sentences import split

_CHUNK = 2000  # characters that the sentence splitter is given at once: its cost grows faster than the text
_STOPS = 200  # and full stops
_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=\S)")
_FULL_STOP = re.compile(r"\.")
_SPACE = re.compile(r"\s")
_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|$)")
_HEADING_WORDS = 10
_CAPTION_WORDS = 40
_AGENCY = re.compile(r"\([A-Z][\w .&/-]{1,40}\)\s*$")
_CLOSED = re.compile(r"[.!?:;,…][\"'”’»)\]]*$|[\"”»]$")
_QUOTATION_MARK = re.compile(r'["“«„]')
_CLOSING_MARK = {
    '"': re.compile(r'["\n]'),
    "“": re.compile(r"[”\n]"),
    "«": re.compile(r"[»\n]"),
    "„": re.compile(r"[“”\n]"),
}


def segment(text: str, protected: Iterable[Span] = ()) -> Document:
    """Split a text losslessly into blocks and sentences and find its quotations.

    Line ends part blocks, except inside a hard-wrapped paragraph. Sentences are split by pysbd
    (Sadvilkar and Neumann, 2020).
    """
    blocks: list[Block] = []
    count = 0
    quotations: list[Span] = []
    for start, end in _block_ranges(text):
        sentences = tuple(
            Sentence(s, e, text[s:e], count + i, len(blocks))
            for i, (s, e) in enumerate(_sentence_ranges(text, start, end))
        )
        count += len(sentences)
        blocks.append(Block(start, end, _kind(text[start:end], sentences), sentences))
        quotations.extend(_quotations(text, start, end))
    return Document(text, tuple(blocks), tuple(quotations), tuple(protected))


def _quotations(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands inside quotation marks on one line, in order, in time linear in the text."""
    unclosed: dict[str, int] = {}  # opening mark → up to where nothing closes it
    while opening := _QUOTATION_MARK.search(text, start, end):
        mark, start = opening.group(), opening.end()
        if start <= unclosed.get(mark, -1):
            continue
        closing = _CLOSING_MARK[mark].search(text, start, end)
        if closing is None or closing.group() == "\n":
            unclosed[mark] = closing.start() if closing else end
        elif closing.start() > start:
            yield Span(start, closing.start())
            start = closing.end()


def _block_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield trimmed ranges of lines; a line that ends open and goes on in lower case is one with the next."""
    open_start = open_end = -1
    for match in _LINE.finditer(text):
        line = match.group()
        content = line.strip()
        if not content:
            if open_start >= 0:
                yield open_start, open_end
                open_start = -1
            continue
        start = match.start() + line.index(content[0])
        end = start + len(content)
        if open_start >= 0:
            wrapped = (
                open_end - text.rfind("\n", 0, open_end) > 40
                and content[0].islower()
                and not _CLOSED.search(text[max(open_start, open_end - 8) : open_end])
            )
            if not wrapped:
                yield open_start, open_end
                open_start = start
        else:
            open_start = start
        open_end = end
    if open_start >= 0:
        yield open_start, open_end


def _sentence_ranges(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for chunk_start, chunk_end in _chunks(text, start, end):
        chunk = text[chunk_start:chunk_end]
        parts = split(_SPACE.sub(" ", chunk))
        position = chunk_start
        for part in parts:
            stripped = part.strip()
            if stripped:
                begin = position + len(part) - len(part.lstrip())
                yield begin, begin + len(stripped)
            position += len(part)


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long block at sentence ends, failing that at white space, failing that anywhere."""
    while (limit := _limit(text, start, end)) < end:
        breaks = [m.end() for m in _BREAK.finditer(text, (start + limit) // 2, limit)]
        space = max(text.rfind(" ", start, limit), text.rfind("\n", start, limit)) + 1
        cut = breaks[-1] if breaks else space if space > start else limit
        yield start, cut
        start = cut
    yield start, end


def _limit(text: str, start: int, end: int) -> int:
    limit = min(start + _CHUNK, end)
    if text.count(".", start, limit) > _STOPS:
        stops = (match.end() for match in _FULL_STOP.finditer(text, start, limit))
        return next(islice(stops, _STOPS, None))
    return limit


def _kind(content: str, sentences: tuple[Sentence, ...]) -> BlockKind:
    words = content.split()
    if len(words) <= _CAPTION_WORDS and len(sentences) == 1 and _AGENCY.search(content):
        return "caption"
    if len(words) <= _HEADING_WORDS and len(sentences) == 1 and not _CLOSED.search(content):
        return "heading"
    return "paragraph"
