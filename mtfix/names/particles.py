"""The particles of names in one case and one spelling: bin Nadir, von der Dorn, Abu Nadir."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from mtfix.names.lexicon import lexicon
from mtfix.names.mention import PARENTS, NameMention
from mtfix.names.romanization import fold, split_article

_ARTICLES = ("al", "el", "la", "le", "y", "e")  # may be a first name, a part of a place, an initial


class _Place(NamedTuple):
    """A particle, the name after it, and whether a first name stands before it ("Jan van Dorn", but "Van Dorn")."""

    particle: str
    core: str
    bare: bool


class Particles:
    """Writes the particle of a name small where the document does at least as often, and spells Abou as it does Abu."""

    def __init__(self, mentions: Sequence[NameMention]) -> None:
        self._forms: dict[_Place, Counter[str]] = defaultdict(Counter)
        self._parents: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for mention in mentions:
            for slot, place in _places(mention).items():
                if place.particle in PARENTS:
                    self._parents[PARENTS[place.particle], place.core][place.particle] += 1
                elif _is_inside(mention, slot):
                    self._forms[place][mention.tokens[slot].text] += 1

    def respell(self, mention: NameMention) -> NameMention:
        """Return the mention with its particles as the document usually writes them."""
        texts = [token.text for token in mention.tokens]
        for slot, place in _places(mention).items():
            text = texts[slot]
            if place.particle in PARENTS:
                usual = self._parents[PARENTS[place.particle], place.core].most_common(1)[0][0]
                texts[slot] = usual.capitalize() if text[0].isupper() else usual
            elif _is_inside(mention, slot):
                forms = self._forms[place]
                if 0 < forms[place.particle] >= forms[place.particle.capitalize()]:
                    texts[slot] = place.particle
        return mention.respelled(texts)


def _places(mention: NameMention) -> dict[int, _Place]:
    """Return the slots of the particles that stand before a name; at the start before a surname alone, no title's."""
    particles = lexicon().particles
    found: dict[int, _Place] = {}
    started = False
    names = [slot for slot, token in enumerate(mention.tokens) if token.text.lower() not in particles]
    for slot, token in enumerate(mention.tokens):
        word = token.text.lower()
        after = next((name for name in names if name > slot), None)
        if word in particles and word not in _ARTICLES and after is not None and (started or after == names[-1]):
            core = fold(split_article(mention.tokens[after].text)[1])
            found[slot] = _Place(word, core, not started)
        started |= slot in names
    return found


def _is_inside(mention: NameMention, slot: int) -> bool:
    return not mention.heading and (slot > 0 or mention.opening == "no")
