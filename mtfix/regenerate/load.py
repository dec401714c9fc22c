"""Options → the pass that regenerates: our tagger on one of two backends, or any Hugging Face seq2seq."""

from __future__ import annotations

from mtfix.options import Options, OptionsError
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.model import CONFIG, ModelFolder, Tagger
from mtfix.regenerate.regenerator import Regenerator
from mtfix.regenerate.rewriter import Rewriter


def load_regenerator(options: Options) -> Regenerator | Rewriter:
    """Load what `options.model` names.

    Raises OptionsError when nothing is found under that name or the backend is unknown, ImportError naming the
    extra when PyTorch is needed and not installed.
    """
    if options.backend not in ("ctranslate2", "torch"):
        raise OptionsError(f"backend {options.backend!r}: choose ctranslate2 or torch")
    folder = ModelFolder.find(options.model)
    if folder is None:
        return Rewriter.load(options.model, options.device, options.strength, options.prefix)
    return Regenerator(load_tagger(folder, options), Gate.load(folder.path), options.strength)


def load_tagger(folder: ModelFolder, options: Options) -> Tagger:
    """Load the tagger of a folder on the backend that the options name."""
    if options.backend == "torch":
        from mtfix.regenerate.transformers import TorchTagger

        return TorchTagger(folder, options.device, options.threads)
    from mtfix.regenerate.ctranslate2 import CTranslate2Tagger

    return CTranslate2Tagger(folder, options.device, options.threads)


def find_model(model: str) -> ModelFolder:
    """Find a model of ours by name or path; OptionsError when there is none."""
    folder = ModelFolder.find(model)
    if folder is None:
        raise OptionsError(f"model {model!r}: no shipped model of this name and no folder with {CONFIG}")
    return folder
