"""Where a name stands: whether its sentence is a heading, and whether its capital is demanded there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from mtfix.document import Block, Document, Sentence
from mtfix.names.lexicon import Lexicon, lexicon

#: Whether a token stands where English demands a capital: "maybe" after a quotation mark, colon, dash.
Opening = Literal["yes", "maybe", "no"]
_SENTENCE_END = re.compile(r"(\b\w*|)[.!?…][\"'”’»)\]]*$")


class Setting(NamedTuple):
    """A sentence, whether its first word must have a capital, whether it is a heading, and where that word stands."""

    sentence: Sentence
    opens: Opening
    heading: bool
    first: int

    def opening(self, position: int) -> Opening:
        """Return whether the token at a position must have a capital."""
        if position <= self.first:
            return self.opens
        before = self.sentence.tokens[position - 1].text
        return "no" if before[0].isalnum() or before in ",;.&/'’" else "maybe"


def settings(document: Document) -> Iterator[Setting]:
    """Yield every sentence with what its place says of capitals."""
    lex = lexicon()
    for block in document.blocks:
        for sentence in block.sentences:
            words = (position for position, token in enumerate(sentence.tokens) if token.text[0].isalnum())
            first = next(words, len(sentence.tokens))
            yield Setting(sentence, _opens(document, block, sentence, lex), block.kind == "heading", first)


def _opens(document: Document, block: Block, sentence: Sentence, lex: Lexicon) -> Opening:
    """Return "maybe" where a sentence may have been cut in two: after an abbreviation or an open line."""
    if sentence is not block.sentences[0]:
        previous = document.sentences[sentence.index - 1].text
    elif block is document.blocks[0]:
        return "yes"
    else:
        previous = document.text[max(0, block.start - 40) : block.start]
        if previous[len(previous.rstrip()) :].count("\n") > 1:
            return "yes"
        previous = previous.rstrip()
    end = _SENTENCE_END.search(previous)
    abbreviation = end and previous.endswith(".") and (len(end[1]) == 1 or end[1].lower() in lex.titles)
    return "yes" if end and not abbreviation else "maybe"
