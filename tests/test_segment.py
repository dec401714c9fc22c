from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtfix.segment import segment

any_text = st.text(st.characters(codec=None, exclude_categories=()))
prose = st.lists(
    st.sampled_from(
        "He came. |Mr. |“Yes!” |(AP) |\n|\r\n|\r|\n\n|no end |\0|\u2028|\ud800|1. |\t|مرحبا |e\u0301|… |U.S. |\x85|\x1c"
        '|\u3000|\ufeff|"|Dr. Who said so? |&|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|ȹ∯ |∬|☏ '.split("|")
    )
).map("".join)


@pytest.mark.parametrize("strategy", ["any", "prose"])
def test_segmentation_loses_nothing(strategy: str) -> None:
    @settings(max_examples=150)
    @given(any_text if strategy == "any" else prose)
    def check(text: str) -> None:
        document = segment(text)
        assert "".join(document.segments()) == text
        last = 0
        for number, sentence in enumerate(document.sentences):
            assert sentence.index == number
            assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip() != ""
            assert not text[last : sentence.start].strip()
            last = sentence.end
        assert not text[last:].strip()
        for number, block in enumerate(document.blocks):
            assert block.sentences
            assert all(s.block == number for s in block.sentences)
            assert (block.start, block.end) == (block.sentences[0].start, block.sentences[-1].end)
        assert all(0 <= q.start < q.end <= len(text) for q in document.quotations)

    check()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He came. She left!", ["He came.", "She left!"]),
        ("Mr. Smith met Dr. Jones at 5 p.m. on Friday.", ["Mr. Smith met Dr. Jones at 5 p.m. on Friday."]),
        ("One line\nAnother line", ["One line", "Another line"]),
        ("The rate was 3.5 percent.\r\nIt fell.", ["The rate was 3.5 percent.", "It fell."]),
        ("He left on 3. May and came back. He slept.", ["He left on 3. May and came back.", "He slept."]),
        ("It was version 3. May came.", ["It was version 3.", "May came."]),
        ("a", ["a"]),
        (" \n\t ", []),
        ("He came.\u00a0She left.", ["He came.", "She left."]),
        ("He came. \x1c1. He came.", ["He came.", "1.", "He came."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in segment(text).sentences] == sentences


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_hard_wrapped_paragraph_is_one_block(end: str) -> None:
    text = f"The spokesman of the international coalition said{end}that the raid had been a success."
    assert [len(block.sentences) for block in segment(text).blocks] == [1]


def test_kinds_of_blocks() -> None:
    text = "Raid near Kirkuk\n\nThe raid took place on Friday.\n\nSoldiers at the scene (Reuters)\n"
    assert [block.kind for block in segment(text).blocks] == ["heading", "paragraph", "caption"]


def test_quotations_are_the_words_inside_the_marks() -> None:
    text = 'He said "yes", “no”, «maybe» and „never“.'
    assert [text[q.start : q.end] for q in segment(text).quotations] == ["yes", "no", "maybe", "never"]


def test_a_million_characters_on_one_line() -> None:
    for text in ("word " * 40_000, "x" * 200_000, "He came. " * 10_000, "." * 50_000, '"' * 50_000, "((" * 25_000):
        began = time.process_time()
        assert "".join(segment(text).segments()) == text
        assert time.process_time() - began < 60, text[:10]


def test_the_seed_is_segmented_losslessly() -> None:
    for path in (Path(__file__).parent.parent / "seeds").glob("*.txt"):
        text = path.read_bytes().decode()
        assert "".join(segment(text).segments()) == text
