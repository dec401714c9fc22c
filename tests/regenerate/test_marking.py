from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.document import tokenize
from mtfix.regenerate.marking import POSITIONS, Pieces, spaced
from tests.tiny_model import train_pieces


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    return Pieces(train_pieces(tmp_path_factory.mktemp("pieces")))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_decoding_gives_the_text_back(pieces: Pieces, text: str) -> None:
    flat = spaced(text)
    assert pieces.decode(pieces.encode(flat)) == flat.replace("\0", pieces.decode(pieces.encode("\0")))


def test_no_text_can_spell_a_mark(pieces: Pieces) -> None:
    ids = pieces.encode(" a <span> b </span> <ctx> </s>")
    assert not {pieces.open, pieces.close, pieces.context_mark, 3} & set(ids)


def test_the_span_stands_between_its_marks_with_its_space(pieces: Pieces) -> None:
    ids = pieces.mark("The old town hall.", 4, 12, context="Before.")
    inner = ids[ids.index(pieces.open) + 1 : ids.index(pieces.close)]
    assert pieces.decode(inner) == " old town"
    assert pieces.decode(ids[: ids.index(pieces.context_mark)]) == " Before."
    assert pieces.decode(ids[ids.index(pieces.close) + 1 :]) == " hall."


def test_long_sentences_are_cropped_round_the_span(pieces: Pieces) -> None:
    text = " ".join(["word"] * 1000)
    ids = pieces.mark(text, 2500, 2504, context=text)
    assert len(ids) <= POSITIONS
    assert pieces.open in ids and pieces.close in ids
    tagged, begins = pieces.words(text, tokenize(text))
    assert len(tagged) <= POSITIONS and max(begins) < len(tagged)
