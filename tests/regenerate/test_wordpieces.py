from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.document import tokenize
from mtfix.regenerate.wordpieces import POSITIONS, WordPieces
from tests.tiny_model import SENTENCES, SPECIAL, make_pieces

PAD, UNKNOWN, BEGIN, END, MASK = range(5)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    return WordPieces(make_pieces(tmp_path_factory.mktemp("pieces")))


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@given(st.text(st.characters()))
def test_any_sentence_has_a_place_for_each_token_and_the_end(pieces: WordPieces, text: str) -> None:
    tokens = words(text)
    (encoded,) = pieces.encode([tokens])
    assert (encoded.ids[0], encoded.ids[-1]) == (BEGIN, END)
    assert encoded.begins == sorted(encoded.begins) and encoded.begins[0] >= 1
    if len(encoded.ids) < POSITIONS:
        assert len(encoded.begins) == len(tokens) + 1
        assert encoded.begins[-1] == len(encoded.ids) - 1


def test_the_pieces_from_a_token_to_the_next_spell_it(pieces: WordPieces) -> None:
    texts = pieces.texts()
    assert tuple(texts[:5]) == SPECIAL and len(texts) == len(pieces)
    for tokens, (ids, begins) in zip(map(words, SENTENCES), pieces.encode([words(s) for s in SENTENCES]), strict=True):
        spelt = [
            "".join(texts[i].removeprefix("##") for i in ids[start:stop]) for start, stop in itertools.pairwise(begins)
        ]
        assert spelt == tokens


def test_a_word_out_of_the_vocabulary_is_spelt_in_small_pieces(pieces: WordPieces) -> None:
    (encoded,) = pieces.encode([["walked", "blackbird"]])
    assert [pieces.texts()[i] for i in encoded.ids[1:2]] == ["walked"]
    assert encoded.begins == [1, 2, 2 + len("blackbird")]


def test_no_text_can_spell_a_special_piece(pieces: WordPieces) -> None:
    (encoded,) = pieces.encode([words("a [SEP] b [CLS] [MASK] [PAD] [UNK]")])
    assert not {PAD, UNKNOWN, BEGIN, END, MASK} & set(encoded.ids[1:-1])


def test_what_has_no_pieces_stands_where_the_next_token_does(pieces: WordPieces) -> None:
    (encoded,) = pieces.encode([["old", "\u200b", "town", "\u200b"]])
    assert encoded.begins == [1, 2, 2, 3, 3]


def test_a_lone_surrogate_reads_as_some_character(pieces: WordPieces) -> None:
    (encoded,) = pieces.encode([["was", "\ud800", "here"]])
    assert len(encoded.begins) == 4 and len(set(encoded.begins)) == 4


def test_no_tokens_are_two_marks(pieces: WordPieces) -> None:
    assert pieces.encode([[]])[0] == ([BEGIN, END], [1])


def test_a_sentence_too_long_is_cut_before_a_token(pieces: WordPieces) -> None:
    (encoded,) = pieces.encode([["the"] * 400])
    assert len(encoded.ids) == POSITIONS and encoded.ids[-1] == END
    assert len(encoded.begins) < 401 and encoded.begins == list(range(1, len(encoded.begins) + 1))
    assert encoded.begins[-1] < POSITIONS - 1
