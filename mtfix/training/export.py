"""A checkpoint → a model folder: CTranslate2 int8 for both uses, safetensors in half precision, recipe.

    python -m mtfix.training.export FOLDER OUT

Weights are rounded to the int8 grid first, so that both backends compute with the same numbers.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from mtfix.regenerate.marking import BOS, EOS, UNKNOWN, Pieces
from mtfix.regenerate.model import CONFIG, CT2_DECODER, CT2_ENCODER, HALF_PRECISION, HEADS, PIECES
from mtfix.training.start import SpanModel, round_to_int8


def export(model: SpanModel, pieces: Path, out: Path, recipe: dict[str, Any]) -> None:
    """Write the model folder that `mtfix.regenerate` loads, all but the gate; `recipe` is kept in it."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pieces, out / PIECES)
    model = model.eval()
    config = model.bart.config
    round_to_int8(model)
    _save_half(model, out / HALF_PRECISION)
    heads = {"weight": model.heads.weight.tolist(), "bias": model.heads.bias.tolist()}
    (out / HEADS).write_text(json.dumps(heads) + "\n", encoding="utf-8")
    vocabulary = Pieces(pieces)
    convert(model, vocabulary.texts(list(range(len(vocabulary)))), out)
    shape = {
        "width": config.d_model,
        "encoder_layers": config.encoder_layers,
        "decoder_layers": config.decoder_layers,
        "vocabulary": len(vocabulary),
    }
    text = json.dumps({"shape": shape, "recipe": recipe}, indent=1)
    (out / CONFIG).write_text(text + "\n", encoding="utf-8")


def convert(model: SpanModel, vocabulary: Sequence[str], out: Path) -> None:
    """Write the two CTranslate2 models: encoder and decoder for regeneration, encoder alone for the tagger."""
    from ctranslate2.converters.transformers import BartLoader
    from ctranslate2.specs import common_spec, transformer_spec

    loader = BartLoader()
    bart = copy.deepcopy(model.bart)  # quantization works in place, on the model's own memory
    whole = loader.get_model_spec(copy.deepcopy(model.bart))
    whole.register_source_vocabulary(list(vocabulary))
    whole.register_target_vocabulary(list(vocabulary))
    whole.config.bos_token = whole.config.decoder_start_token = vocabulary[BOS]
    whole.config.eos_token, whole.config.unk_token = vocabulary[EOS], vocabulary[UNKNOWN]
    encoder = transformer_spec.TransformerEncoderSpec(
        bart.config.encoder_layers,
        bart.config.encoder_attention_heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    loader.set_encoder(encoder, bart.model.encoder)
    alone = transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)
    alone.register_vocabulary(list(vocabulary))
    alone.config.bos_token, alone.config.eos_token = vocabulary[BOS], vocabulary[EOS]
    alone.config.unk_token = vocabulary[UNKNOWN]
    for spec, name in ((whole, CT2_DECODER), (alone, CT2_ENCODER)):
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir()
        spec.validate()
        spec.optimize(quantization="int8")
        spec.save(str(out / name))


def _save_half(model: SpanModel, path: Path) -> None:
    from safetensors.torch import save_file

    tied = ("bart.lm_head.weight", "embed_tokens.weight", "final_logits_bias")
    state = {k: v.half().contiguous() for k, v in model.state_dict().items() if not k.endswith(tied)}
    save_file(state, path)


def main(arguments: list[str] | None = None) -> None:
    """Export a checkpoint from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="what training wrote")
    parser.add_argument("out", type=Path)
    a = parser.parse_args(arguments)
    pieces = Pieces(a.folder / "pieces.model")
    saved = torch.load(a.folder / "checkpoint.pt", weights_only=True)
    model = SpanModel(len(pieces))
    model.load_state_dict(saved["model"])
    progress = saved["progress"]
    last = progress["losses"][-1] if progress["losses"] else []
    recipe = {key: progress[key] for key in ("stage", "steps", "tokens", "seconds")} | {"last_losses": last}
    export(model, a.folder / "pieces.model", a.out, recipe)


if __name__ == "__main__":
    main()
