"""A whole-sentence model stands in for the tagger; here a tiny one that has learnt nothing."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import BartConfig, BartForConditionalGeneration

from mtfix.regenerate.rewriter import Rewriter
from mtfix.result import Edit, Rejection, replay
from mtfix.segment import segment


class Letters:
    """A tokenizer of characters, with the calls that the rewriter makes; it remembers what it was given."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.targets: list[str] = []

    def __call__(self, texts: Any = None, text_target: Any = None, **_: Any) -> Any:
        self.prompts += texts or []
        self.targets += text_target or []
        rows = [[ord(c) % 200 + 4 for c in text] + [3] for text in (texts or text_target)]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [1] * (longest - len(row)) for row in rows])
        return _Batch(input_ids=ids, attention_mask=ids.ne(1).long())

    def batch_decode(self, ids: Any, skip_special_tokens: bool) -> list[str]:
        return ["".join(chr(int(i) - 4) for i in row if i > 3) for row in ids]


class _Batch(dict[str, Any]):
    def __getattr__(self, name: str) -> Any:
        return self[name]

    def to(self, device: Any) -> _Batch:
        return self


class Scripted(Rewriter):
    """Rewrites as told, with margins as told: what the rewriter makes of an answer."""

    def __init__(self, answer: str, margin: float, prefix: str = "") -> None:
        config = BartConfig(
            vocab_size=210, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=512,
            forced_eos_token_id=None,
        )  # fmt: skip
        self.letters = tokenizer = Letters()
        super().__init__(BartForConditionalGeneration(config), tokenizer, "conservative", prefix)
        tokenizer.batch_decode = lambda ids, skip_special_tokens: [answer] * len(ids)  # type: ignore[method-assign]
        self._answers = iter([[margin], [0.0]])

    def _scores(self, inputs: Any, targets: list[str]) -> list[float]:
        assert len(super()._scores(inputs, targets)) == len(targets)
        return next(self._answers)


TEXT = "He has went to school by foot yesterday."


def test_a_rewritten_sentence_is_one_edit_trimmed_to_what_changed() -> None:
    found = list(Scripted("He walked to school yesterday.", 2.0)(segment(TEXT)))
    assert [type(item) for item in found] == [Edit]
    assert replay(TEXT, found) == "He walked to school yesterday."  # type: ignore[arg-type]
    assert found[0].start == 3 and found[0].text.endswith("foot")  # type: ignore[union-attr]


def test_a_small_margin_is_rejected_with_the_reason() -> None:
    (found,) = Scripted("He walked to school yesterday.", 0.1)(segment(TEXT))
    assert isinstance(found, Rejection) and "0.10" in found.reason


@pytest.mark.parametrize("answer", [TEXT, "", "  "])
def test_an_answer_that_changes_nothing_gives_no_edit(answer: str) -> None:
    assert list(Scripted(answer, 9.0)(segment(TEXT))) == []


def test_the_prefix_is_asked_with_and_stays_out_of_the_text() -> None:
    prefix = "Fix the grammar: "
    rewriter = Scripted("He walked to school yesterday.", 2.0, prefix)
    found = list(rewriter(segment(TEXT)))
    assert rewriter.letters.prompts == [prefix + TEXT]
    assert TEXT in rewriter.letters.targets  # what the answer is measured against is the sentence alone
    assert replay(TEXT, found) == "He walked to school yesterday."  # type: ignore[arg-type]
    assert [edit.start for edit in found] == [3]  # type: ignore[union-attr]


def test_without_a_prefix_the_sentence_is_asked_as_it_is() -> None:
    rewriter = Scripted("He walked to school yesterday.", 2.0)
    assert list(rewriter(segment(TEXT)))
    assert rewriter.letters.prompts == [TEXT]
