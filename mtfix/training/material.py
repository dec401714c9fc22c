"""What the tagger learns from: post-edits, votes of other systems, and English that is right.

    python -m mtfix.training.material FOLDER --data DIR [--start MODEL]

reads the data once and leaves in FOLDER the vocabulary, the operations (those of MODEL, or made when missing) and
material.npz, from which every run of `mtfix.training.train` starts. On two cores the votes take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from mtfix.document import Token
from mtfix.regenerate.load import find_model
from mtfix.regenerate.operations import OPERATIONS, Operations
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training import corpora
from mtfix.training.confusions import near_words
from mtfix.training.consensus import votes
from mtfix.training.labels import count_operations, label
from mtfix.training.noise import Confusions
from mtfix.training.packed import Example, Packed, example, pack
from mtfix.training.start import prune_vocabulary

MATERIAL = "material.npz"
KINDS = ("edited", "marked", "voted")
_MAX_TOKENS = 90
_MAX_HTER = 0.6  # share of edited words up to which a post-edit is one, and no new translation


@dataclass(frozen=True)
class Material:
    """Labelled sentences by kind; noise is made from the clean sentences as it is needed.

    edited: post-edits. marked: new translations, of which only the published tags are used. voted: outputs on which
    other systems agree. development: for each language pair, what a run is judged by.
    """

    pools: Mapping[str, Packed]
    clean: Sequence[str]
    confusions: Confusions
    development: Mapping[str, Packed]

    def save(self, folder: Path) -> None:
        """Write `folder/material.npz`."""
        packs = {**self.pools, **{f"development {pair}": pack for pair, pack in self.development.items()}}
        arrays: dict[str, Any] = {k: v for name, packed in packs.items() for k, v in packed.arrays(name).items()}
        text = json.dumps({"clean": self.clean, "confusions": self.confusions, "packs": list(packs)})
        arrays["text"] = np.frombuffer(text.encode(), np.uint8)
        np.savez(folder / MATERIAL, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Material:
        """Read `folder/material.npz`."""
        with np.load(folder / MATERIAL) as stored:
            text = json.loads(stored["text"].tobytes())
            packs = {name: Packed.stored(stored, name) for name in text["packs"]}
        kept = {name.removeprefix("development "): p for name, p in packs.items() if name not in KINDS}
        return cls({name: packs[name] for name in KINDS}, text["clean"], text["confusions"], kept)

    def summary(self) -> str:
        """Return a line that says how much there is of each kind."""
        counts = ", ".join(
            f"{len(pool)} {name} ({len(pool.ids) / 1e6:.1f} M pieces)" for name, pool in self.pools.items()
        )
        return f"{counts}; {len(self.clean)} clean sentences, {len(self.confusions)} words with near synonyms"


def read_post_edits(data: Path, split: str) -> Iterator[tuple[str, Example]]:
    """Yield language pair and example; of new translations (HTER over 0.6) the edits are not to be learned."""
    for row in corpora.read_rows(data / f"mlqe_pe.{split}.jsonl.gz"):
        labels = label(row["mt"], row["pe"])
        if 2 <= len(labels.tokens) <= _MAX_TOKENS:
            yield row["lang_pair"], example(labels, tagged_flags(labels.tokens, row), row["hter"] <= _MAX_HTER)


def read_votes(data: Path) -> Iterator[Example]:
    """Yield the outputs of many systems with what the others say of them."""
    for row in tqdm(corpora.outputs(data), desc="votes", unit=" sentences", mininterval=20):
        for vote in votes(row, range(len(row["mts"]))):
            if 4 <= len(vote.tokens) <= _MAX_TOKENS:
                yield Example(vote.tokens, vote.token, vote.gap, [*vote.wrong, 0.0], vote.missing, True)


def tagged_flags(tokens: Sequence[Token], row: dict[str, Any]) -> tuple[list[float], list[float]] | None:
    """Carry the published tags of a row over to our tokens; None if its tokens are not those of its text."""
    if "mt_tags" not in row or "".join(row["mt_tokens"]) != "".join(row["mt"].split()):
        return None
    bad = [tag == "BAD" for text, tag in zip(row["mt_tokens"], row["mt_tags"], strict=True) for _ in text]
    gaps, place = {}, 0
    for text, tag in zip([*row["mt_tokens"], ""], row["gap_tags"], strict=True):
        gaps[place] = tag == "BAD"
        place += len(text)
    position = [0]
    for char in row["mt"]:
        position.append(position[-1] + (not char.isspace()))
    wrong = [float(any(bad[position[t.start] : position[t.end]])) for t in tokens]
    missing = [float(gaps.get(position[t.start], False)) for t in tokens]
    return [*wrong, 0.0], [*missing, float(gaps.get(place, False))]


def read_material(data: Path, folder: Path, confusions: Confusions) -> Material:
    """Read the data files, packed for the vocabulary and the operations of `folder`, which are made when missing."""
    edits = [item for _, item in read_post_edits(data, "train")]
    clean = [s for s in (*corpora.prose(data), *corpora.references(data)) if 4 <= len(s.split()) <= _MAX_TOKENS]
    if not (folder / WORDPIECES).exists():
        outputs = (output["mt"] for row in corpora.outputs(data) for output in row["mts"][:3])
        edited = (" ".join(token.text for token in item.tokens) for item in edits)
        prune_vocabulary(itertools.chain(edited, outputs, clean), folder)
    if not (folder / OPERATIONS).exists():
        count_operations((item.token, item.gap) for item in edits if item.named).save(folder)
    pieces, operations = WordPieces(folder / WORDPIECES), Operations.load(folder)
    development: dict[str, list[Example]] = {}
    for pair, item in read_post_edits(data, "dev"):
        development.setdefault(pair, []).append(item)
    pools = {
        "edited": pack((item for item in edits if item.named), pieces, operations),
        "marked": pack((item for item in edits if not item.named), pieces, operations),
        "voted": pack(read_votes(data), pieces, operations),
    }
    kept = {pair: pack(items, pieces, operations) for pair, items in development.items()}
    return Material(pools, clean, confusions, kept)


def main(arguments: list[str] | None = None) -> None:
    """Read the data from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", metavar="MODEL", help="the model that runs will start from")
    a = parser.parse_args(arguments)
    a.folder.mkdir(parents=True, exist_ok=True)
    if a.start:
        for name in (WORDPIECES, OPERATIONS):
            shutil.copyfile(find_model(a.start).path / name, a.folder / name)
    material = read_material(a.data, a.folder, near_words())
    material.save(a.folder)
    print(material.summary())


if __name__ == "__main__":
    main()
