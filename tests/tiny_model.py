"""A tagger of a few thousand weights, made on the spot: it has learnt nothing, and runs as the real one does."""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtfix.regenerate.network import EditNetwork
    from mtfix.regenerate.operations import Operations

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
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
TOKEN_OPERATIONS = ("keep", "delete", "other", "lower", "title", "=the", "=was", "-+s", "-s+")
INSERTIONS = ("none", "other", "the", "of", ",")


def make_pieces(folder: Path) -> Path:
    """Write a small vocabulary with the settings of the real one."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing

    from mtfix.regenerate.wordpieces import WORDPIECES

    characters = sorted(set(string.printable) - set(string.whitespace))
    letters = ["##" + character for character in characters if character.isalnum()]
    words = sorted({word.strip(".,") for sentence in SENTENCES[:5] for word in sentence.split()} - set(characters))
    pieces = [*SPECIAL, *characters, *letters, *words, "##s", "##ed", "walk"]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.normalizer = BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    marks = [(mark, vocabulary[mark]) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / WORDPIECES))
    return folder / WORDPIECES


def make_network(vocabulary: int, operations: Operations) -> EditNetwork:
    """Return a network with random weights, large enough that sentences are answered differently."""
    import torch

    from mtfix.regenerate.network import EditNetwork

    torch.manual_seed(3)
    network = EditNetwork(vocabulary, operations, layers=2, width=64)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))  # nothing stays at one or zero, as after training
            else:
                parameter.mul_(3.0)
    return network


def make_model(folder: Path, threshold: float = 1.01, detect: float = 0.0) -> Path:
    """Write a model folder with random weights; by default its gate lets nothing through.

    The gate gives every candidate 0.5, so that a threshold below that lets all of them through.
    """
    from mtfix.regenerate.features import FEATURES
    from mtfix.regenerate.gate import Gate
    from mtfix.regenerate.operations import Operations
    from mtfix.regenerate.wordpieces import WordPieces
    from mtfix.training.export import export

    pieces = make_pieces(folder)
    network = make_network(len(WordPieces(pieces)), Operations(TOKEN_OPERATIONS, INSERTIONS))
    export(network, pieces, folder, {"made by": "a test"})
    thresholds = dict.fromkeys(("conservative", "balanced", "thorough"), threshold)
    Gate(FEATURES, 0.0, (), thresholds, detect, 1.01).save(folder)
    return folder
