"""What the gate decides on: numbers about a change and about what the tagger reads where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mtfix.regenerate.model import Reading, Tagger
from mtfix.regenerate.operations import DELETE, Change, is_content, perform

#: What the gate sees of a candidate, in this order.
FEATURES = (
    "least log-probability",  # of its edits
    "mean log-probability",
    "log-odds",  # mean, of an edit against leaving the place as it is
    "edits",
    "deletions",
    "insertions",
    "closed-class replacements",
    "endings",
    "letter case",
    "punctuation",
    "content words",  # deleted or replaced
    "new content words",
    "wrong",  # highest flag among the tokens touched
    "missing",
    "wrong around",  # mean flag of the six tokens around
    "wrong in the sentence",  # mean flag
    "tokens",
    "pieces per token",  # of the tokens touched: high for rare and garbled words
    "first",  # touches the first token
    "rank",  # logarithm of the highest place in the list of operations, of which the first are the most frequent
)
_AROUND = 3
Features = npt.NDArray[np.float64]


def features(tagger: Tagger, words: Sequence[str], reading: Reading, run: Sequence[Change]) -> Features:
    """Return the values of FEATURES for a run of changes of a sentence, given as tokens with the tagger's reading."""
    names, gaps = tagger.operations.token, tagger.operations.gap
    first, last = run[0].place, run[-1].place
    logs = [np.log(max(c.probability, 1e-6)) for c in run]
    touched = [words[c.place] for c in run if not c.inserts]
    put = [perform(c.name, words[c.place]) or "" for c in run if not c.inserts]
    put += [word for c in run if c.inserts for word in c.name.split()]
    content = sum(is_content(w) for c, w in zip([c for c in run if not c.inserts], touched, strict=True) if _loses(c))
    wrong = reading.flags[:, 0]
    around = wrong[max(0, first - _AROUND) : last + _AROUND + 1]
    pieces = tagger.pieces.encode([touched or words[max(0, first - 1) : first + 1]])[0]
    values = (
        min(logs),
        sum(logs) / len(logs),
        sum(np.log(max(c.probability, 1e-6) / max(c.keep, 1e-6)) for c in run) / len(run),
        len(run),
        sum(c.name == DELETE and not c.inserts for c in run),
        sum(c.inserts for c in run),
        sum(c.name.startswith("=") and not c.inserts for c in run),
        sum(c.name.startswith("-") and not c.inserts for c in run),
        sum(c.name in ("lower", "title", "upper") for c in run),
        sum(not word[:1].isalnum() for word in (*touched, *put) if word),
        content,
        sum(is_content(word) for c, word in zip(run, put, strict=False) if c.name.startswith("=") or c.inserts),
        float(wrong[first : last + 1].max(initial=0.0)),
        float(reading.flags[first : last + 2, 1].max(initial=0.0)),
        float(around.mean()) if len(around) else 0.0,
        float(wrong[:-1].mean()) if len(wrong) > 1 else 0.0,
        len(words),
        (len(pieces.ids) - 2) / max(1, len(touched) or 2),
        float(first == 0),
        np.log1p(max((gaps if c.inserts else names).index(c.name) for c in run)),
    )
    return np.asarray(values, np.float64)


def _loses(change: Change) -> bool:
    return change.name == DELETE or change.name.startswith("=")
