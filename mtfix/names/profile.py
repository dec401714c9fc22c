"""How a document uses each name token: whether it stands in full names, alone, with a title, and who bears it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.mention import NameMention
from mtfix.names.romanization import fold, split_article

#: Where a name starts and ends.
Place = tuple[int, int]
#: In whose name a core stands: whether it is the last of it, and the other end of it; None if no name is beside it.
Person = tuple[bool, str] | None


def person(cores: Sequence[str], slot: int) -> Person:
    """Return in whose name the core at a slot stands: a first name goes with the last, the last with the first."""
    if len(cores) < 2:
        return None
    is_last = slot == len(cores) - 1
    other = cores[0 if is_last else -1]
    return None if lexicon().is_ordinary(other) else (is_last, other)


@dataclass
class Profile:
    """How one folded name token (a core) is used in a document.

    spellings: as written, without article. uses: the same by whose name it is part of. full: the first names it
    follows. titled: whether it follows a title when it stands alone. in_full: the sentences in which it stands in a
    longer name, and whether as its last token, with the places of that name. bare: the same of those in which it is
    alone. first: the rank of its first mention, those in headings last. kunya: whether it always stands after "Abu" or
    "Umm". heading: whether it only stands in headings.
    """

    core: str
    spellings: Counter[str] = field(default_factory=Counter)
    full: set[tuple[str, ...]] = field(default_factory=set)
    titled: bool = False
    in_full: dict[tuple[int, bool], list[Place]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))
    first: int = -1
    uses: dict[Person, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kunya: bool = True
    heading: bool = True

    @property
    def is_surname(self) -> bool:
        """Whether the document introduces it with a first name or a title."""
        return bool(self.full) or self.titled

    def meets(self, other: Profile) -> bool:
        """Whether a sentence has both, in a longer name or alone."""
        sentences, others = ({number for number, _ in p.in_full} | p.bare.keys() for p in (self, other))
        return not sentences.isdisjoint(others)


def profiles(mentions: Sequence[NameMention]) -> dict[str, Profile]:
    """Return the profile of every core, in order of first mention; headings count last, as they introduce nobody."""
    found: dict[str, Profile] = {}
    lex = lexicon()
    for mention in sorted(mentions, key=lambda mention: mention.heading):
        cores = mention.cores
        spelt = {fold(rest): rest for token in mention.tokens for rest in [split_article(token.text)[1]]}
        sons = mention.sons
        place = mention.tokens[0].start, mention.tokens[-1].end
        for slot, core in enumerate(cores):
            if core not in found:
                found[core] = Profile(core, first=len(found))
            profile = found[core]
            text = spelt[core].title() if len(core) > 1 and spelt[core].isupper() else spelt[core]
            profile.spellings[text] += 1
            profile.uses[person(cores, slot)][text] += 1
            profile.kunya &= core in sons
            profile.heading &= mention.heading
            if is_bare(cores, core, lex):
                profile.bare[mention.sentence].append(place)
            else:
                profile.in_full[mention.sentence, slot == len(cores) - 1].append(place)
            if slot == len(cores) - 1 and not mention.cut:
                if slot:
                    profile.full.add(cores[:-1])
                profile.titled |= mention.titled and not slot
    return found


def is_bare(full: tuple[str, ...], core: str, lex: Lexicon) -> bool:
    """Whether only ordinary words stand beside a core in what looks like a full name ("Global Service Karl")."""
    slot = full.index(core)
    return all(map(lex.is_ordinary, (*full[:slot][-1:], *full[slot + 1 :][:1])))
