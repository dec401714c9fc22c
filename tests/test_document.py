from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mtfix.document import Document, Span, tokenize
from mtfix.segment import segment

any_text = st.text(st.characters(codec=None, exclude_categories=()))


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


def test_tokens_are_words_and_single_marks() -> None:
    assert words("He said: “don’t.”") == ["He", "said", ":", "“", "don’t", ".", "”"]
    assert words("al-Issawi's well-known U.S. 3,5") == [
        "al-Issawi's",
        "well-known",
        "U",
        ".",
        "S",
        ".",
        "3",
        ",",
        "5",
    ]
    assert words("dash -- here- x") == ["dash", "-", "-", "here", "-", "x"]


@given(any_text, st.integers(0, 100))
def test_tokens_carry_their_offsets(text: str, offset: int) -> None:
    tokens = tokenize(text, offset)
    assert all(text[t.start - offset : t.end - offset] == t.text for t in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    missed = set(range(len(text))) - {i - offset for t in tokens for i in range(t.start, t.end)}
    assert all(text[i].isspace() for i in missed)


def test_a_span_overlaps_what_shares_a_character() -> None:
    span = Span(2, 5)
    assert span.overlaps(0, 3)
    assert span.overlaps(3, 4)
    assert span.overlaps(3, 3)
    assert not span.overlaps(0, 2)
    assert not span.overlaps(5, 9)
    assert not span.overlaps(2, 2)
    assert not span.overlaps(5, 5)


def test_document_knows_what_is_quoted_and_protected() -> None:
    text = "He said “no way” at http://x.y today."
    document = segment(text, [Span(20, 30)])
    assert document.is_quoted(9, 11)
    assert not document.is_quoted(0, 7)
    assert document.is_protected(25, 26)
    assert not document.is_protected(31, 36)


def test_sentences_know_their_neighbours_and_tokens() -> None:
    document = segment("One is here. Two is there.\n\nThree comes last.")
    first, second, third = document.sentences
    assert document.previous(first) is None
    assert document.previous(third) == second
    assert [s.block for s in document.sentences] == [0, 0, 1]
    assert [document.text[t.start : t.end] for t in third.tokens] == ["Three", "comes", "last", "."]


def test_an_empty_document() -> None:
    assert "".join(Document("", ()).segments()) == ""
    assert segment("").sentences == ()


@given(any_text)
def test_every_token_has_its_place(text: str) -> None:
    document = segment(text)
    tokens = [token for sentence in document.sentences for token in sentence.tokens]
    assert sorted(token for places in document.places.values() for token in places) == tokens
    assert all(token.text == word for word, places in document.places.items() for token in places)
    assert all(len(sentence.lower) == len(sentence.tokens) for sentence in document.sentences)
