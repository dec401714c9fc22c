from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mtfix
from mtfix.document import Document
from mtfix.result import Edit, Issue, replay

BROKEN = (
    "It was a qualitative blow to the the group, despite of the rain.\n\n"
    "The army named Omar Al-Rashdi. It said that al-Rashdi had fled."
)


@pytest.fixture(scope="module")
def fixer() -> mtfix.Fixer:
    return mtfix.Fixer()


@pytest.fixture(scope="module")
def without_model() -> mtfix.Fixer:
    return mtfix.Fixer(regenerate=False)


def test_clean_check_and_repair_tell_one_story(fixer: mtfix.Fixer) -> None:
    repair = fixer.repair(BROKEN)
    assert repair.text == fixer.clean(BROKEN) == mtfix.clean(BROKEN)
    assert list(repair.issues) == fixer.check(BROKEN) == mtfix.check(BROKEN)
    assert repair.text == replay(BROKEN, repair.edits)
    assert "despite the rain" in repair.text and "al-Rashdi" in repair.text


def test_every_edit_is_explained(fixer: mtfix.Fixer) -> None:
    repair = fixer.repair(BROKEN)
    assert repair.edits
    for edit in repair.edits:
        assert edit.issues
        for issue in edit.issues:
            assert issue in repair.issues
            assert issue.message and issue.detector and 0 <= issue.confidence <= 1
            assert BROKEN[issue.start : issue.end] == issue.text
    json.dumps(repair.to_dict())


def test_a_repair_tells_the_time_by_stage_beside_what_was_found(fixer: mtfix.Fixer) -> None:
    first, second = fixer.repair(BROKEN), fixer.repair(BROKEN)
    assert set(first.seconds) == {"segmentation", "names", "detectors", "model"}
    assert all(seconds > 0 for seconds in first.seconds.values())
    assert first == second and "seconds" not in first.to_dict()


def test_pipe_keeps_the_order(fixer: mtfix.Fixer) -> None:
    texts = [f"Despite of the rain they met {n} times." for n in range(5)]
    assert [repair.original for repair in fixer.pipe(iter(texts))] == texts


def test_an_ignored_issue_is_left_alone() -> None:
    issue = next(i for i in mtfix.check("They met despite of the rain.", regenerate=False))
    ignoring = mtfix.Fixer(regenerate=False, ignore=frozenset({issue.key}))
    assert ignoring.clean("They met despite of the rain.") == "They met despite of the rain."
    assert not ignoring.check("They met despite of the rain.")


def test_only_the_categories_asked_for() -> None:
    only = mtfix.Fixer(regenerate=False, categories=frozenset({"entity"}))
    assert {issue.category for issue in only.check(BROKEN)} <= {"entity"}


def test_a_glossary_respells_and_protects() -> None:
    glossary = {"Rashidi": ["Al-Rashdi"], "despite of": []}
    text = mtfix.clean(BROKEN, regenerate=False, glossary=glossary)
    assert "Omar Rashidi" in text and "despite of the rain" in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"strength": "bold"}, "conservative, balanced, thorough"),
        ({"categories": frozenset({"typos"})}, "typos"),
        ({"glossary": "no-such-file.json"}, "no-such-file.json"),
    ],
)
def test_bad_options_say_what_to_do(options: dict[str, object], told: str) -> None:
    with pytest.raises(mtfix.OptionsError, match=told):
        mtfix.Fixer(regenerate=False, **options)


def test_only_strings_are_repaired(without_model: mtfix.Fixer) -> None:
    with pytest.raises(TypeError, match="not bytes"):
        without_model.clean(b"text")  # type: ignore[arg-type]


def test_token_scores_need_the_model(without_model: mtfix.Fixer) -> None:
    with pytest.raises(mtfix.OptionsError, match="regenerate"):
        without_model.token_scores(["a"])


def test_threads_share_a_fixer(fixer: mtfix.Fixer) -> None:
    expected, found = fixer.clean(BROKEN), []

    def work() -> None:
        found.append(fixer.clean(BROKEN))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


PIECES = st.sampled_from(
    ["the the ", "despite of ", "Al-Rashdi ", "Omar al-Rashdi ", "qualitative blow ", "To meet. ", "\n\n", "\r\n",
     "(Anatolia)", '"', "“", "”", " - ", "And ", "in at ", "32 ", "<b>", "`x`", "http://a.b/c ", "مرحبا ", "e\u0301",
     "\ud800", "\0", "It was good. "]
)  # fmt: skip


@settings(max_examples=150)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
@example("")
@example("a")
@example("\0")
@example("\ud800 is a lone surrogate in a sentence of some words.")
@example("\u202eright to left\u202c and back again in one sentence.")
def test_any_text_keeps_the_promises(fixer: mtfix.Fixer, text: str) -> None:
    repair = fixer.repair(text)
    assert repair.text == replay(text, repair.edits)
    last = 0
    for edit in repair.edits:
        assert last <= edit.start <= edit.end <= len(text) and edit.replacement != edit.text
        last = edit.end
    for issue in repair.issues:
        assert 0 <= issue.start <= issue.end <= len(text) and text[issue.start : issue.end] == issue.text
    for entity in repair.entities:
        assert entity.mentions
    assert fixer.clean(repair.text) == repair.text


@pytest.mark.parametrize("text", ["a" * 1_000_000, "One word and another. " * 45_000], ids=["one word", "one line"])
def test_a_megabyte_on_one_line(without_model: mtfix.Fixer, text: str) -> None:
    assert without_model.clean(text) == text


def test_import_is_light() -> None:
    heavy = ("torch", "transformers", "spacy", "pandas", "ray", "ctranslate2", "tokenizers")
    code = f"import sys, mtfix; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_repairs_that_go_round_in_a_circle_end_at_one_text() -> None:
    """Each pass here undoes what the last one did; a second run must not take the next step of the circle."""

    def turn(document: Document) -> Iterator[Edit]:
        steps = {"red": "grey", "grey": "blue", "blue": "grey"}
        for token in document.sentences[0].tokens:
            if token.text in steps:
                issue = Issue(token.start, token.end, token.text, "awkward", "minor", 0.9, "Turns.", "test")
                yield Edit(token.start, token.end, token.text, steps[token.text], (issue,))

    fixer = mtfix.Fixer(regenerate=False)
    fixer._passes = [("detectors", turn)]
    ends = {text: fixer.repair(text) for text in ("They saw red.", "They saw grey.", "They saw blue.")}
    assert {repair.text for repair in ends.values()} == {"They saw blue."}
    assert all(replay(text, repair.edits) == repair.text for text, repair in ends.items())
