"""Systems of the shapes that others use, for their speed alone: the weights are random. One thread each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ctranslate2
import torch
from transformers import RobertaConfig, RobertaModel, T5Config, T5ForConditionalGeneration

_VOCABULARY = 32_128
_TAGS = 5_002  # GECToR's labels, and whether a token is wrong
_FIRST = 100  # the ids before are kept for special pieces
_ENGINES = ("fbgemm", "onednn", "x86")  # of PyTorch, for int8


class Line(NamedTuple):
    """A sentence and the number of its pieces."""

    text: str
    pieces: int


class Peer(NamedTuple):
    """A system: its name, how many batches it is timed on, how it runs one, and how it does mtfix's work."""

    name: str
    batches: int
    run: Callable[[Sequence[Line]], None]
    does: str


def peers(folder: Path) -> Iterator[Peer]:
    """Yield the systems; `folder` is for the weights of one that reads them from files."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    large = _t5(layers=24, width=1024, inner=2816, heads=16)
    yield Peer("CoEdIT-large shape, Transformers, float32", 1, _rewrites(large), "rewrites")
    base = _t5(layers=12, width=768, inner=2048, heads=12)
    yield Peer("T5-base shape, Transformers, float32", 2, _rewrites(base), "rewrites")
    yield Peer("T5-base shape, CTranslate2, int8", 3, _rewrites_int8(base, folder), "rewrites")
    yield Peer("GECToR shape, Transformers, float32", 3, _tags(), "tags in one pass")
    yield Peer("Harper, harper-py", 32, _checks(), "checks by rules")


def _t5(layers: int, width: int, inner: int, heads: int) -> T5ForConditionalGeneration:
    config = T5Config(
        vocab_size=_VOCABULARY,
        d_model=width,
        d_kv=64,
        d_ff=inner,
        num_layers=layers,
        num_heads=heads,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        decoder_start_token_id=0,
    )
    return T5ForConditionalGeneration(config).eval()


def _random(lines: Sequence[Line], vocabulary: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return as many random pieces as the lines have, padded, and which of them count."""
    lengths = torch.tensor([line.pieces for line in lines])
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    return torch.randint(_FIRST, vocabulary, mask.shape) * mask, mask.long()


def _rewrites(model: Any) -> Callable[[Sequence[Line]], None]:
    """Greedy decoding to as many pieces as there are in the input."""

    def run(lines: Sequence[Line]) -> None:
        ids, mask = _random(lines, _VOCABULARY)
        longest = ids.shape[1]
        with torch.inference_mode():
            out = model.generate(
                ids, attention_mask=mask, do_sample=False, num_beams=1, min_new_tokens=longest, max_new_tokens=longest
            )
        assert out.shape == (len(lines), longest + 1)  # with the start

    return run


def _rewrites_int8(model: Any, folder: Path) -> Callable[[Sequence[Line]], None]:
    """The same by CTranslate2."""
    from ctranslate2.converters.transformers import T5Loader

    pieces = ["<pad>", "</s>", "<unk>", *(f"p{number}" for number in range(3, _VOCABULARY))]
    with torch.no_grad():
        spec = T5Loader().get_model_spec(model)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.bos_token = spec.config.decoder_start_token = "<pad>"
    spec.config.eos_token, spec.config.unk_token = "</s>", "<unk>"
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    translator = ctranslate2.Translator(str(folder), device="cpu", intra_threads=1, compute_type="int8")

    def run(lines: Sequence[Line]) -> None:
        ids, _ = _random(lines, _VOCABULARY)
        rows = [[pieces[i] for i in row[: line.pieces]] for row, line in zip(ids.tolist(), lines, strict=True)]
        longest = ids.shape[1]
        found = translator.translate_batch(rows, beam_size=1, min_decoding_length=longest, max_decoding_length=longest)
        assert all(len(one.hypotheses[0]) == longest for one in found)

    return run


def _tags() -> Callable[[Sequence[Line]], None]:
    model = RobertaModel(RobertaConfig(vocab_size=50_265, max_position_embeddings=514)).eval()
    head = torch.nn.Linear(model.config.hidden_size, _TAGS)

    def run(lines: Sequence[Line]) -> None:
        ids, mask = _random(lines, model.config.vocab_size)
        with torch.inference_mode():
            head(model(ids, attention_mask=mask).last_hidden_state).softmax(-1)

    return run


def _checks() -> Callable[[Sequence[Line]], None]:
    from harper import Linter

    linter = Linter()

    def run(lines: Sequence[Line]) -> None:
        for line in lines:
            linter.lint(line.text, language="plaintext")

    return run


def int8_products() -> tuple[dict[str, Callable[[], object]], float]:
    """Return a big int8 product by each engine of PyTorch's quantized linear layer, and its billions of operations."""
    rows, width = 1024, 2048
    inputs = torch.quantize_per_tensor(torch.randn(rows, width), 0.02, 128, torch.quint8)
    weights = torch.quantize_per_tensor(torch.randn(width, width), 0.02, 0, torch.qint8)
    engines = [name for name in torch.backends.quantized.supported_engines if name in _ENGINES]
    products: dict[str, Callable[[], object]] = {}
    for engine in engines:
        torch.backends.quantized.engine = engine  # the packed weights know by which they were packed
        packed = torch.ops.quantized.linear_prepack(weights, None)
        products[engine] = partial(torch.ops.quantized.linear, inputs, packed, 0.1, 128)
    return products, 2 * rows * width * width / 1e9
