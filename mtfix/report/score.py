"""How good a text is by its findings: counts and a quality score from 0 to 100, after MQM."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mtfix.result import SEVERITIES, Issue, Severity

#: Penalty points of an issue, the weights of MQM.
PENALTIES: dict[Severity, int] = {"neutral": 0, "minor": 1, "major": 5, "critical": 25}


@dataclass(frozen=True)
class Score:
    """What was found in so many words. `severities` and `categories` count issues."""

    words: int
    severities: Counter[Severity]
    categories: Counter[str]

    @property
    def penalty(self) -> int:
        """The penalty points of all issues."""
        return sum(PENALTIES[severity] * number for severity, number in self.severities.items())

    @property
    def per_thousand(self) -> float:
        """Penalty points per 1,000 words."""
        return 1000 * self.penalty / max(1, self.words)

    @property
    def quality(self) -> float:
        """100 less a tenth of the penalty points per 1,000 words, and at least 0.

        This is the raw, uncalibrated score of MQM's linear scoring model, 100 × (1 − penalty / words), with its
        severity weights (Lommel, Gladkoff et al., 2024, "The Multi-Range Theory of Translation Quality
        Measurement: MQM Scoring Models and Statistical Quality Control").
        """
        return max(0.0, 100 - self.per_thousand / 10)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of counts, penalty and score."""
        return {
            "words": self.words,
            "issues": self.severities.total(),
            "severities": {name: self.severities[name] for name in SEVERITIES},
            "categories": dict(self.categories.most_common()),
            "penalty": self.penalty,
            "penalty_per_1000_words": round(self.per_thousand, 2),
            "score": round(self.quality, 2),
        }


def score(texts: Iterable[tuple[str, Iterable[Issue]]]) -> Score:
    """Score texts together, each with its issues; words are what white space parts."""
    words = 0
    severities: Counter[Severity] = Counter()
    categories: Counter[str] = Counter()
    for text, issues in texts:
        words += len(text.split())
        for issue in issues:
            severities[issue.severity] += 1
            categories[issue.category] += 1
    return Score(words, severities, categories)
