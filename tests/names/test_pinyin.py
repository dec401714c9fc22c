from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix import Fixer
from mtfix.names.pinyin import is_pinyin, one_in_pinyin, readings

NAMES = Fixer(regenerate=False, categories=("entity",))


@pytest.mark.parametrize("name", ["zhang", "xiaoping", "liang", "er", "guangzhou"])
def test_runs_of_syllables_are_pinyin(name: str) -> None:
    assert is_pinyin(name)


@pytest.mark.parametrize("name", ["", "hsiao", "kaishek", "smith", "zh", "saleh"])
def test_all_else_is_not(name: str) -> None:
    assert not is_pinyin(name)


@pytest.mark.parametrize(
    ("wade", "pinyin"),
    [
        ("Teng Hsiaoping", "deng xiaoping"),
        ("Mao Tsetung", "mao zedong"),
        ("Hsu Chihmo", "xu zhimo"),
        ("Lee Tenghui", "li denghui"),
        ("Chou Kueilan", "zhou guilan"),
        ("Jen Yungfa", "ren yongfa"),
    ],
)
def test_wade_giles_reads_as_pinyin(wade: str, pinyin: str) -> None:
    found = readings(tuple(wade.lower().split()))
    assert all(reading in slot for slot, reading in zip(found, pinyin.split(), strict=True))


@pytest.mark.parametrize("name", [("ali", "karimi"), ("wang",), ("wang", "smith"), ("marina", "li")])
def test_other_names_are_not_read_as_chinese(name: tuple[str, ...]) -> None:
    assert readings(name) == ()


def test_a_name_becomes_wholly_what_is_more_usual_in_the_text() -> None:
    assert one_in_pinyin({("deng", "xiaolan"): 1, ("teng", "hsiaolan"): 2}) == {"deng": "teng", "xiaolan": "hsiaolan"}


def test_a_token_that_is_also_another_name_s_stays() -> None:
    assert "teng" not in one_in_pinyin({("deng", "xiaolan"): 2, ("teng", "hsiaolan"): 1, ("teng", "biao"): 1})


@given(st.lists(st.sampled_from("deng teng xiaolan hsiaolan wang wei chou zhou li lee".split()), max_size=9))
def test_nothing_is_respelt_as_what_is_itself_respelt(tokens: list[str]) -> None:
    chosen = one_in_pinyin(Counter(pairwise(tokens)))
    assert not chosen.keys() & set(chosen.values())


@pytest.mark.parametrize(
    "text",
    [
        "Liu Yang spoke. Liu Yong, the poet, was silent. Later Liu Yang left.",
        "Wen Jialan spoke. Wen Jialian, a painter, left.",
        "Huang Chung Shen spoke. Later Huang Chang Shen left. Then Huang Chang Shen came.",
        "Huang Chung Shen spoke. Later Huang Chang Shen left. Then Chang Delvani came.",
        "Ding Ning beat Ting Ning. Later Ting Ning was sad.",
    ],
)
def test_syllables_that_differ_are_two_names(text: str) -> None:
    assert NAMES.clean(text) == text


def test_wade_giles_and_pinyin_are_one_name_and_never_mixed() -> None:
    text = "Deng Xiaolan opened the school. Later Teng Hsiao-lan met the guests. Deng Xiaolan was glad."
    assert NAMES.clean(text) == text.replace("Teng Hsiao-lan", "Deng Xiaolan")
    text = "Xu Zhimo wrote it. Hsu Chih-mo sang. Then Hsu slept. People read Hsu Chih-mo."
    assert NAMES.clean(text) == text.replace("Xu Zhimo", "Hsu Chih-mo")
