from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mtfix.document import tokenize
from mtfix.regenerate.operations import Operations, ending, is_spelling_variant, joined, perform
from tests.tiny_model import INSERTIONS, TOKEN_OPERATIONS

ANY_TEXT = st.text(st.characters())
PARTS = st.lists(st.sampled_from(["the", "old", "House", "(", ")", ",", ".", "“", "”", "$", "5"]), min_size=1)


def changed(text: str, new: Mapping[int, str], before: Mapping[int, str]) -> str:
    """Return the text with some tokens new, and some insertions."""
    tokens = tokenize(text)
    words = [new.get(i, token.text) for i, token in enumerate(tokens)]
    return joined(text, tokens, words, [before.get(i, "") for i in range(len(tokens))])


@pytest.mark.parametrize(
    ("operation", "word", "after"),
    [
        ("keep", "go", "go"),
        ("delete", "go", ""),
        ("other", "go", None),
        ("lower", "Go", "go"),
        ("upper", "un", "UN"),
        ("title", "mcDonald", "McDonald"),
        ("=the", "a", "the"),
        ("=the", "A", "The"),
        ("=he", "I", "he"),
        ("=UN", "Nations", "UN"),
        ("-s+", "cats", "cat"),
        ("-y+ies", "city", "cities"),
        ("-+ed", "walk", "walked"),
        ("-s+", "cat", None),
        ("-s+", "is", None),
        ("no-such-operation", "go", None),
    ],
)
def test_an_operation_makes_a_word_of_a_word(operation: str, word: str, after: str | None) -> None:
    assert perform(operation, word) == after


@given(st.text("abceds", min_size=1), st.text("abceds", min_size=1))
@example("walk", "walked")
def test_an_ending_leads_to_its_target(word: str, target: str) -> None:
    operation = ending(word, target)
    assert operation is None or perform(operation, word) == target


def test_words_that_share_too_little_have_no_ending_in_common() -> None:
    assert ending("go", "went") is None
    assert ending("in", "international") is None
    assert ending("walk", "walks") == "-+s"


@pytest.mark.parametrize(("word", "target"), [("Dornfeld", "Dornfeld's"), ("boys", "boy’s"), ("farm", "farm-led")])
def test_a_genitive_is_an_ending(word: str, target: str) -> None:
    operation = ending(word, target)
    assert operation is not None
    assert perform(operation, word) == target


@given(ANY_TEXT)
@example("a\u00a0b\n\n(c)  d,e")
def test_unchanged_tokens_give_the_text_back(text: str) -> None:
    tokens = tokenize(text)
    expected = text[tokens[0].start : tokens[-1].end] if tokens else ""
    assert changed(text, {}, {}) == expected


@given(ANY_TEXT, st.data())
def test_new_words_and_insertions_come_in_their_order(text: str, data: st.DataObject) -> None:
    count = len(tokenize(text))
    new = data.draw(st.lists(ANY_TEXT, min_size=count, max_size=count))
    before = data.draw(st.lists(ANY_TEXT, min_size=count, max_size=count))
    result, place = changed(text, dict(enumerate(new)), dict(enumerate(before))), 0
    for part in (part for pair in zip(before, new, strict=True) for part in pair):
        found = result.find(part, place)
        assert found >= 0
        place = found + len(part)


@given(PARTS, st.data())
def test_no_space_is_doubled_or_left_at_the_edge(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    deleted = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    before = data.draw(st.dictionaries(st.integers(0, len(parts) - 1), st.sampled_from(["the", "of the", ",", "("])))
    result = changed(text, dict.fromkeys(deleted, ""), before)
    assert "  " not in result and result == result.strip()


@pytest.mark.parametrize(
    ("text", "new", "before", "expected"),
    [
        ("the old house", {1: ""}, {}, "the house"),
        ("the old house", {0: ""}, {}, "old house"),
        ("the old house", {2: ""}, {}, "the old"),
        ("the old house", {}, {1: "very"}, "the very old house"),
        ("the old house", {}, {0: "in"}, "in the old house"),
        ("the old house", {1: ""}, {1: "big"}, "the big house"),
        ("one\nold house", {}, {1: "very"}, "one\nvery old house"),
        ("(the old house)", {1: ""}, {}, "(old house)"),
        ("it was so very, yes", {3: ""}, {}, "it was so, yes"),
        ("he left but came", {}, {2: ","}, "he left, but came"),
        ("he left, but came", {2: "."}, {}, "he left. but came"),
        ("met (old) men", {}, {2: "the"}, "met (the old) men"),
        ("met (old) men", {}, {1: "the"}, "met the (old) men"),
        ("met “old” men", {}, {3: "the"}, "met “old the” men"),
        ("it costs 5 today", {}, {2: "$"}, "it costs $5 today"),
    ],
)
def test_spaces_stand_where_english_sets_them(
    text: str, new: dict[int, str], before: dict[int, str], expected: str
) -> None:
    assert changed(text, new, before) == expected


def test_the_lists_are_kept_in_a_folder(tmp_path: Path) -> None:
    operations = Operations(TOKEN_OPERATIONS, (*INSERTIONS, "’s", "of the"))
    operations.save(tmp_path)
    assert Operations.load(tmp_path) == operations


@pytest.mark.parametrize(
    ("word", "other", "alike"),
    [
        ("organised", "organized", True),
        ("civilisation", "civilization", True),
        ("colours", "colors", True),
        ("colour", "colours", False),
        ("four", "for", False),
        ("our", "or", False),
        ("sit", "zoo", False),
    ],
)
def test_british_and_american_spellings_are_the_same_word(word: str, other: str, alike: bool) -> None:
    assert is_spelling_variant(word, other) == alike == is_spelling_variant(other, word)
