"""Trains the cased SentencePiece vocabulary on clean English and hypotheses."""

from __future__ import annotations

import random
from pathlib import Path

from mtfix.regenerate.marking import BOS, EOS, MARKS, PAD, UNKNOWN
from mtfix.training import corpora


def train_tokenizer(data: Path, folder: Path, size: int = 12000, seed: int = 0) -> Path:
    """Write `folder/pieces.model`, a unigram model with byte fallback (Kudo, 2018), and return its path.

    Text is taken as it is: no normalization, so that decoding an encoded text gives it back.
    """
    import sentencepiece

    lines = [item.text for item in corpora.prose(data)] + [item.text for item in corpora.references(data)]
    lines += [pair.hypothesis for pair in corpora.pairs(data)][::2]
    random.Random(seed).shuffle(lines)
    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(" " + " ".join(line.split()) for line in lines[:400_000]),
        model_prefix=str(folder / "pieces"),
        vocab_size=size,
        hard_vocab_limit=False,  # little data has fewer pieces to give
        character_coverage=0.9995,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        control_symbols=list(MARKS),
        pad_id=PAD,
        unk_id=UNKNOWN,
        bos_id=BOS,
        eos_id=EOS,
        num_threads=2,
        minloglevel=2,
    )
    (folder / "pieces.vocab").unlink()
    return folder / "pieces.model"
