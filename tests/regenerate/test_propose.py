"""What is proposed for a reading; the readings are written here, so that no weights are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from mtfix.detect.tagger import flagged
from mtfix.document import Sentence
from mtfix.regenerate.explain import explain
from mtfix.regenerate.features import FEATURES
from mtfix.regenerate.model import Reading
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.propose import Candidate, candidates, read
from mtfix.regenerate.wordpieces import Encoded, WordPieces
from mtfix.result import CATEGORIES
from mtfix.segment import segment
from tests.tiny_model import SENTENCES, make_pieces

TOKEN = ("keep", "delete", "other", "lower", "title", "=goes", "=go", "=away", "=.", "-s+", "-+s")
GAP = ("none", "other", "the", "again", "of the", ",", ".", "(")
DETECT = 0.3

Edits = Mapping[int, str]


@dataclass
class Calm:
    """A tagger that would leave everything as it is; it remembers what it was given to read."""

    pieces: WordPieces
    operations: Operations = field(default_factory=lambda: Operations(TOKEN, GAP))
    seen: list[Encoded] = field(default_factory=list)

    def read(self, sentences: Sequence[Encoded]) -> list[Reading]:
        self.seen += sentences
        return [reading(len(s.begins) - 1, {}, {}, self.operations) for s in sentences]


def reading(
    count: int, token: Edits, gap: Edits, operations: Operations, probability: float = 0.6, wrong: float = 0.0
) -> Reading:
    """Return the reading of `count` tokens that gives these edits their probability, and keeps the rest."""
    heads = []
    for rows, edits, names in ((count, token, operations.token), (count + 1, gap, operations.gap)):
        head = np.zeros((rows, len(names)), np.float32)
        head[:, 0] = 1
        for place, name in edits.items():
            head[place, 0] = 1 - probability
            head[place, names.index(name)] += probability
        heads.append(head)
    return Reading(heads[0], heads[1], np.full((count + 1, 2), wrong, np.float32))


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    return WordPieces(make_pieces(tmp_path_factory.mktemp("pieces")))


@pytest.fixture
def tagger(pieces: WordPieces) -> Calm:
    return Calm(pieces)


def proposed(
    tagger: Calm, sentence: Sentence, token: Edits, gap: Edits, probability: float = 0.6, wrong: float = 0.0
) -> list[Candidate]:
    made = reading(len(sentence.tokens), token, gap, tagger.operations, probability, wrong)
    (found,) = candidates(tagger, [sentence], [made], DETECT)
    return found


def put(text: str, candidate: Candidate) -> str:
    return text[: candidate.start] + candidate.replacement + text[candidate.end :]


def first(text: str) -> Sentence:
    return segment(text).sentences[0]


@pytest.mark.parametrize(
    ("text", "token", "gap", "expected"),
    [
        ("He go home now.", {1: "=goes"}, {}, "He goes home now."),
        ("It was the very old.", {2: "delete"}, {}, "It was very old."),
        ("Two horse ran.", {1: "-+s"}, {}, "Two horses ran."),
        ("The old house fell.", {0: "delete"}, {}, "Old house fell."),
        ("Walk home now.", {0: "=go"}, {}, "Go home now."),
        ("Committee met here.", {0: "lower"}, {0: "the"}, "The committee met here."),
        ("In fact, he left.", {0: "delete", 1: "delete", 2: "delete"}, {}, "He left."),
        ("He left but came.", {}, {2: ","}, "He left, but came."),
        ("He left , but came.", {2: "delete"}, {}, "He left but came."),
        ("He left, but came.", {2: "=."}, {}, "He left. but came."),
        ("He left, but came.", {2: "delete"}, {}, "He left but came."),
        ("They walked home", {2: "delete"}, {3: "again"}, "They walked again"),
        ("He left well.", {2: "delete"}, {}, "He left."),
        ("He went home", {}, {3: "again"}, "He went home again"),
        ("He went home", {}, {3: "."}, "He went home."),
        ("He went home", {2: "=away"}, {3: ","}, "He went away,"),
        ("Most houses fell.", {}, {1: "of the"}, "Most of the houses fell."),
        ("It was (the old house) then.", {3: "delete"}, {}, "It was (old house) then."),
        ("He said “old house” now.", {}, {3: "the"}, "He said “the old house” now."),
        ("He said “old house” now.", {}, {2: "the"}, "He said the “old house” now."),
    ],
)
def test_edits_are_set_into_the_sentence_with_its_spaces(
    tagger: Calm, text: str, token: Edits, gap: Edits, expected: str
) -> None:
    found = proposed(tagger, first(text), token, gap)
    assert put(text, found[0]) == expected


def test_a_sentence_does_not_come_to_begin_with_a_mark(tagger: Calm) -> None:
    assert not proposed(tagger, first('The "big" house fell.'), {0: "delete"}, {})
    assert not proposed(tagger, first("The, old house fell."), {0: "delete"}, {})


def test_offsets_count_from_the_sentence_not_from_the_text(tagger: Calm) -> None:
    sentence = segment("It rained all day long. He go home now.").sentences[1]
    (found,) = proposed(tagger, sentence, {1: "=goes"}, {})
    assert (found.start, found.end, found.replacement) == (3, 5, "goes")
    assert put(sentence.text, found) == "He goes home now."


def test_neighbours_are_proposed_together_and_each_alone(tagger: Calm) -> None:
    text = "He go house yesterday evening."
    found = proposed(tagger, first(text), {1: "=goes", 4: "delete"}, {2: "the"})
    assert {put(text, c) for c in found} == {
        "He goes the house yesterday evening.",
        "He goes house yesterday evening.",
        "He go the house yesterday evening.",
        "He go house yesterday.",
    }
    assert (found[0].first, found[0].last) == (1, 2)


def test_what_is_less_probable_than_asked_for_is_not_proposed(tagger: Calm) -> None:
    sentence = first("He go home now.")
    assert not proposed(tagger, sentence, {1: "=goes"}, {2: "the"}, probability=DETECT - 0.01)
    assert len(proposed(tagger, sentence, {1: "=goes"}, {}, probability=DETECT + 0.01)) == 1


@pytest.mark.parametrize(
    ("token", "gap"), [({1: "-s+"}, {}), ({1: "=go"}, {}), ({1: "lower"}, {}), ({1: "other"}, {2: "other"})]
)
def test_what_cannot_be_done_or_changes_nothing_is_not_proposed(tagger: Calm, token: Edits, gap: Edits) -> None:
    assert not proposed(tagger, first("He go home now."), token, gap)


def test_a_sentence_is_not_emptied(tagger: Calm) -> None:
    assert not proposed(tagger, first("Go"), {0: "delete"}, {})


def test_nothing_is_proposed_for_what_was_not_read(tagger: Calm) -> None:
    sentence = first("He go home to the old town.")
    short = reading(3, {1: "=goes"}, {}, tagger.operations)
    (found,) = candidates(tagger, [sentence], [short], DETECT)
    assert [put(sentence.text, c) for c in found] == ["He goes home to the old town."]


@pytest.mark.xfail(strict=True, raises=ValueError, reason="the best of no insertions is asked for")
def test_a_model_without_insertions_proposes_the_rest(pieces: WordPieces) -> None:
    bare = Calm(pieces, Operations(TOKEN, GAP[:2]))
    assert len(proposed(bare, first("He go home now."), {1: "=goes"}, {})) == 1


def value(candidate: Candidate, name: str) -> float:
    return float(candidate.features[FEATURES.index(name)])


def test_candidates_carry_every_feature(tagger: Calm) -> None:
    document = segment("\n".join(SENTENCES))
    made = [
        reading(len(s.tokens), {1: "title", 3: "delete"}, {len(s.tokens): "again"}, tagger.operations)
        for s in document.sentences
    ]
    found = candidates(tagger, document.sentences, made, DETECT)
    assert [len(these) for these in found] == [3] * len(SENTENCES)
    for candidate in (c for these in found for c in these):
        assert candidate.features.shape == (len(FEATURES),)
        assert np.isfinite(candidate.features).all()


def test_features_tell_what_kind_of_edit_it_is(tagger: Calm) -> None:
    sentence = first("He go home yesterday evening now.")
    together, goes, the, gone = proposed(tagger, sentence, {1: "=goes", 4: "delete"}, {2: "the"})[:1] + [
        next(c for c in proposed(tagger, sentence, token, gap))
        for token, gap in (({1: "=goes"}, {}), ({}, {2: "the"}), ({4: "delete"}, {}))
    ]  # fmt: skip
    assert [value(c, "edits") for c in (together, goes, the, gone)] == [2, 1, 1, 1]
    assert [value(c, "deletions") for c in (together, goes, the, gone)] == [0, 0, 0, 1]
    assert [value(c, "insertions") for c in (together, goes, the, gone)] == [1, 0, 1, 0]
    assert [value(c, "content words") for c in (goes, gone, the)] == [1, 1, 0]
    assert value(goes, "mean log-probability") == pytest.approx(np.log(0.6), abs=1e-5)
    assert value(goes, "log-odds") == pytest.approx(np.log(0.6 / 0.4), abs=1e-5)


def test_reading_takes_tokens(tagger: Calm) -> None:
    one, none = read(tagger, [["He", "goes"], []])
    assert one.token.shape == (2, len(TOKEN)) and one.gap.shape == (3, len(GAP))
    assert none.token.shape == (0, len(TOKEN)) and none.flags.shape == (1, 2)


def test_runs_join_over_one_token_and_long_ones_are_let_go() -> None:
    flags = np.zeros((41, 2), np.float32)
    flags[[2, 4], 0] = 0.9
    flags[8, 1] = 0.7
    flags[20:38, 0] = 0.9
    assert [(f.first, f.last) for f in flagged(flags, 0.5)] == [(2, 4), (8, 8)]
    assert [f.probability for f in flagged(flags, 0.5)] == pytest.approx([0.9, 0.7])


def test_the_end_of_a_sentence_is_no_token_to_flag() -> None:
    assert not flagged(np.array([[0.1, 0.1], [0.9, 0.9]], np.float32), 0.5)
    assert not flagged(np.ones((1, 2), np.float32), 0.5)


@pytest.mark.parametrize(
    ("old", "new", "category"),
    [
        ("in at", "at", "addition"),
        ("went he", "he went", "word-order"),
        ("Committee", "committee", "spelling"),
        ("on Monday", "on the Monday", "omission"),
        ("in", "at", "grammar"),
        ("walks", "walked", "agreement"),
        ("grand", "large", "unidiomatic"),
        ("town ,", "town", "punctuation"),
    ],
)
def test_a_change_is_explained_in_mqm_terms(old: str, new: str, category: str) -> None:
    found, message = explain(old, new)
    assert found == category in CATEGORIES
    assert message.endswith(".") and old.split()[0] in message


def test_features_are_numbers_at_either_end_of_a_sentence(tagger: Calm) -> None:
    sentence = segment("Away they walked along the river then.").sentences[0]
    cases: tuple[tuple[Edits, Edits], ...] = (
        ({0: "delete"}, {}),
        ({}, {8: "."}),
        ({7: "delete"}, {}),
        ({6: "=away"}, {0: "the"}),
    )
    for token, gap in cases:
        for candidate in proposed(tagger, sentence, token, gap):
            assert np.isfinite(candidate.features).all()


def test_a_rare_operation_is_told_from_a_frequent_one(tagger: Calm) -> None:
    sentence = segment("He walk home at nights.").sentences[0]
    (first,) = proposed(tagger, sentence, {1: "=goes"}, {})
    (second,) = proposed(tagger, sentence, {4: "-s+"}, {})
    assert value(second, "rank") > value(first, "rank") > 0


def test_british_spelling_is_no_error_even_as_a_word_of_the_list(tagger: Calm) -> None:
    tagger.operations = Operations((*TOKEN, "=civilization"), GAP)
    assert proposed(tagger, segment("He likes civilisation a lot.").sentences[0], {2: "=civilization"}, {}) == []
