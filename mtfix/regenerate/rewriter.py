"""Any Hugging Face seq2seq in place of the tagger: sentence in, whole sentence out, the same guard behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtfix.align import trimmed
from mtfix.document import Document, Sentence
from mtfix.options import OptionsError, Strength
from mtfix.regenerate.explain import explain
from mtfix.regenerate.regenerator import may_be_mended
from mtfix.result import Edit, Issue, Rejection

#: Log-probability, a token, by which a rewritten sentence must beat the sentence as it is. Not tuned: it cannot be
#: without knowing the model.
_MARGINS: dict[Strength, float] = {"conservative": 0.5, "balanced": 0.25, "thorough": 0.0}
_BATCH = 16


class Rewriter:
    """Yields an edit for each sentence that the model rewrites with a margin of probability."""

    def __init__(self, model: Any, tokenizer: Any, strength: Strength, prefix: str = "") -> None:
        """Use a loaded `AutoModelForSeq2SeqLM` and its tokenizer; `prefix` is the task that instruction models need."""
        self._prefix = prefix
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._margin = _MARGINS[strength]

    @classmethod
    def load(cls, name: str, device: str, strength: Strength, prefix: str = "") -> Rewriter:
        """Load a model by Hugging Face id or folder; OptionsError if there is none."""
        if "/" not in name and not Path(name).is_dir():
            raise OptionsError(
                f"model {name!r}: neither a shipped model nor a folder nor a Hugging Face id (owner/name)"
            )
        try:
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
        except ImportError as error:
            raise ImportError(f"model {name!r} needs PyTorch and Transformers: `pip install mtfix[torch]`") from error
        try:
            tokenizer = AutoTokenizer.from_pretrained(name)
            model = AutoModelForSeq2SeqLM.from_pretrained(name)
        except (OSError, ValueError) as error:
            first = str(error).strip().splitlines()[0]
            raise OptionsError(f"model {name!r}: no shipped model, and no Hugging Face seq2seq ({first})") from error
        return cls(model.to(device), tokenizer, strength, prefix)

    def __call__(self, document: Document) -> Iterator[Issue | Edit | Rejection]:
        """Yield findings in order of their place."""
        chosen = [sentence for sentence in document.sentences if may_be_mended(document, sentence)]
        for first in range(0, len(chosen), _BATCH):
            yield from self._rewritten(chosen[first : first + _BATCH])

    def _rewritten(self, sentences: list[Sentence]) -> Iterator[Edit | Rejection]:
        import torch

        texts = [" ".join(sentence.text.split()) for sentence in sentences]
        prompts = [self._prefix + text for text in texts]
        inputs = self._tokenizer(prompts, return_tensors="pt", padding=True, truncation=True).to(self._model.device)
        longest = inputs.input_ids.shape[1] * 3 // 2 + 8
        with torch.inference_mode():
            output = self._model.generate(**inputs, num_beams=1, do_sample=False, max_new_tokens=longest)
        rewritten = self._tokenizer.batch_decode(output, skip_special_tokens=True)
        margins = [
            new - old for new, old in zip(self._scores(inputs, rewritten), self._scores(inputs, texts), strict=True)
        ]
        for sentence, text, new, margin in zip(sentences, texts, rewritten, margins, strict=True):
            if not new.strip() or " ".join(new.split()) == text:
                continue
            start, end, replacement = trimmed(sentence.text, 0, len(sentence.text), new.strip())
            original = sentence.text[start:end]
            category, message = explain(original, replacement)
            place = (sentence.start + start, sentence.start + end)
            issue = Issue(
                *place, original, category, "minor", 0.5, message, "model:rewrite", (replacement,), suspected=True
            )
            edit = Edit(*place, original, replacement, (issue,))
            if margin >= self._margin:
                yield edit
            else:
                yield Rejection(edit, f"beats the original by {margin:.2f} a token, not by {self._margin:.2f}")

    def _scores(self, inputs: Any, targets: list[str]) -> list[float]:
        """Return the mean log-probability of a token for each target."""
        import torch

        labels = self._tokenizer(text_target=targets, return_tensors="pt", padding=True, truncation=True)
        ids = labels.input_ids.to(self._model.device)
        kept = labels.attention_mask.to(self._model.device)
        with torch.inference_mode():
            logits = self._model(**inputs, labels=ids).logits
        chosen = logits.log_softmax(-1).gather(-1, ids[..., None])[..., 0]
        means: list[float] = ((chosen * kept).sum(-1) / kept.sum(-1)).tolist()
        return means
