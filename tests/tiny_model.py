"""A span model of a few thousand weights, made on the spot: it mends nothing, and runs as the real one does."""

from __future__ import annotations

from pathlib import Path

SENTENCES = [
    "The committee met in the old town hall on Monday.",
    "A farmer sold his two horses to the baker.",
    "They walked along the river until it was dark.",
    "Nobody knew why the train had stopped there.",
    "The harvest was better than the year before.",
    "She wrote a long letter to her brother in the north.",
    "Rain fell for three days, and the roads were closed.",
    "Children played in the garden behind the school.",
]


def train_pieces(folder: Path, size: int = 380) -> Path:
    """Write a small vocabulary with the settings of the real one."""
    import sentencepiece

    from mtfix.regenerate.marking import MARKS

    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" " + sentence for sentence in SENTENCES] * 20),
        model_prefix=str(folder / "pieces"),
        vocab_size=size,
        byte_fallback=True,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        control_symbols=list(MARKS),
        pad_id=0,
        unk_id=1,
        bos_id=2,
        eos_id=3,
        minloglevel=2,
    )
    return folder / "pieces.model"


def make_model(folder: Path, threshold: float = 1.01, detect: float = 0.0) -> Path:
    """Write a model folder with random weights; by default its gate lets nothing through."""
    import torch

    from mtfix.regenerate.decode import FEATURES
    from mtfix.regenerate.gate import Gate
    from mtfix.regenerate.marking import Pieces
    from mtfix.training.export import export
    from mtfix.training.start import SpanModel

    pieces = train_pieces(folder / "vocabulary")
    torch.manual_seed(3)
    model = SpanModel(len(Pieces(pieces)), encoder_layers=2, decoder_layers=1, width=64)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3.0)  # random weights as they come answer every sentence alike
    export(model, pieces, folder, {"made by": "a test"})
    zeros = (0.0,) * len(FEATURES)
    thresholds = dict.fromkeys(("conservative", "balanced", "thorough"), threshold)
    Gate(FEATURES, zeros, tuple(1.0 for _ in FEATURES), zeros, 0.0, thresholds, detect, 1.01).save(folder)
    return folder
