"""The same sentences as pysbd's."""

from __future__ import annotations

import pysbd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mtfix.sentences import split

PIECES = """
Mr. Dr. e.g. i.e. etc. U.S. a.m. p.m. No. St. Jan. vs. Inc. Brown The It came 1. 2.5 3) (a) ! ? ... . , "yes"
“No.” (maybe.) I end. end.The :"""


@example("Mr. ! ! !")
@given(st.lists(st.sampled_from(PIECES.split()), max_size=30).map(" ".join))
def test_same_as_pysbd(line: str) -> None:
    parts = pysbd.Segmenter(language="en", clean=False).segment(line)
    found = list(split(line))
    if "".join(parts) == line:
        assert found == parts
    else:  # pysbd lost characters, or found a sentence again in another's place ("Mr. ! ! !")
        assert found == [line] or list(map(str.strip, found)) == list(map(str.strip, parts))


@pytest.mark.parametrize("line", ["", " ", ". . .", "Dr. Brown came. He left at 5 p.m. on Monday. Why?"])
def test_nothing_is_lost(line: str) -> None:
    assert "".join(split(line)) == line
