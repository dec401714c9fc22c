"""Text → Document: paragraphs, headings, captions, quotations and sentences, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mtfix.document import Block, BlockKind, Document, Sentence, Span
from mtfix.sentences import split

_CHUNK = 2000  # characters that the sentence splitter is given at once: its cost grows faster than the text
_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s+(?=\S)")
_SPACE = re.compile(r"\s")
_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|$)")
_HEADING_WORDS = 10
_CAPTION_WORDS = 40
_AGENCY = re.compile(r"\([A-Z][\w .&/-]{1,40}\)\s*$")
_CLOSED = re.compile(r"[.!?:;,…][\"'”’»)\]]*$|[\"”»]$")
_QUOTATION = re.compile(r'"([^"\n]+)"|“([^”\n]+)”|«([^»\n]+)»|„([^“”\n]+)[“”]')


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
        for match in _QUOTATION.finditer(text, start, end):
            group = match.lastindex or 0
            quotations.append(Span(match.start(group), match.end(group)))
    return Document(text, tuple(blocks), tuple(quotations), tuple(protected))


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
    while end - start > _CHUNK:
        limit = start + _CHUNK
        breaks = [m.end() for m in _BREAK.finditer(text, start + _CHUNK // 2, limit)]
        space = max(text.rfind(" ", start, limit), text.rfind("\n", start, limit)) + 1
        cut = breaks[-1] if breaks else space if space > start else limit
        yield start, cut
        start = cut
    yield start, end


def _kind(content: str, sentences: tuple[Sentence, ...]) -> BlockKind:
    words = content.split()
    if len(words) <= _CAPTION_WORDS and len(sentences) == 1 and _AGENCY.search(content):
        return "caption"
    if len(words) <= _HEADING_WORDS and len(sentences) == 1 and not _CLOSED.search(content):
        return "heading"
    return "paragraph"
