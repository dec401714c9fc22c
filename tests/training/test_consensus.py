"""What many translations of one sentence say of one of them."""

from __future__ import annotations

from typing import Any

from mtfix.training.consensus import Vote, votes

RIGHT = "The fire was put out by the firemen at night."


def vote(hypothesis: str, others: list[str], references: tuple[str, ...] = (RIGHT,)) -> Vote | None:
    row: dict[str, Any] = {"mts": [{"sys": ["ours"], "mt": hypothesis}], "refs": list(references)}
    row["mts"] += [{"sys": [f"system {i}"], "mt": text} for i, text in enumerate(others)]
    return next(votes(row, [0]), None)


def edits(found: Vote | None) -> dict[str, str | None]:
    assert found is not None
    changed = {t.text: n for t, n in zip(found.tokens, found.token, strict=True) if n != "keep"}
    return changed | {f"before {i}": name for i, name in enumerate(found.gap) if name != "none"}


def test_what_most_others_say_is_the_edit() -> None:
    found = vote("The fire was put off by firemen at night.", [RIGHT] * 3)
    assert edits(found) == {"off": "=out", "before 6": "the"}
    assert found is not None
    assert found.wrong == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert found.missing[6] == 1


def test_a_place_where_the_others_differ_has_no_label() -> None:
    others = [RIGHT.replace("night", word) for word in ("dawn", "noon", "dusk", "daybreak")]
    found = vote("The fire was put out by the firemen at nights.", others, ("The fire was put out at midnight.",))
    assert edits(found) == {"nights": None}
    assert found is not None and found.wrong[9] == 1


def test_what_half_of_the_others_keep_is_kept() -> None:
    other = RIGHT.replace("firemen", "brigade")
    assert edits(vote(RIGHT, [other, other, RIGHT])) == {}


def test_a_content_word_that_the_others_lack_is_no_error_that_english_shows() -> None:
    found = vote("The big fire was put out by the firemen at night.", [RIGHT] * 3)
    assert edits(found) == {"big": None}


def test_an_edit_beside_another_wording_is_forgotten() -> None:
    others = [
        "The fire was put out by the firemen late last evening.",
        "The fire was put out by the firemen early in darkness.",
        "The fire was put out by the firemen in black hours.",
    ]
    found = vote("The fire was put out by the firemen at the night.", others, (others[0],))
    assert found is not None
    assert all(name in ("keep", None) for name in found.token)


def test_the_style_of_quotation_marks_is_no_error() -> None:
    assert edits(vote("He said “go” to “them”.", ['He said "go" to "them".'] * 3, ())) == {}


def test_too_few_others_or_others_too_unlike_say_nothing() -> None:
    assert vote("The fire was put off by firemen.", []) is None
    assert vote("The fire was put off by firemen.", ["Nobody knew anything of it until Monday."] * 5, ()) is None
    assert vote("", [RIGHT] * 4) is None
