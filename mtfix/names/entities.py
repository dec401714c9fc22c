"""Mentions → the names of a document, each with all its mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.mention import PARENTS, NameMention
from mtfix.result import Entity, Mention


def entities(text: str, written: Sequence[NameMention], settled: Sequence[NameMention]) -> list[Entity]:
    """Group mentions by name: equal full names, and a surname or "Abu Yasser" with the one full name that has it.

    A father or mother is not the child: "Abu Yasser" is another name than "Yasser".
    """
    lex = lexicon()
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, mention in enumerate(settled):
        cores = mention.cores
        if cores:
            parent = tuple(PARENTS[word] for token in mention.tokens[:1] if (word := token.text.lower()) in PARENTS)
            groups.setdefault((*parent, *cores), []).append(number)
    owners: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    organizations = {cores for cores, numbers in groups.items() if settled[numbers[0]].is_organization}
    for cores in groups:
        kunya = cores[0] in PARENTS
        if cores not in organizations and len(cores) > 1 + kunya:
            for part in (cores[-1:], *([cores[:2]] if kunya else [])):
                owners.setdefault(part, []).append(cores)
    for cores in [cores for cores in groups if len(owners.get(cores, ())) == 1]:
        groups[owners[cores][0]] += groups.pop(cores)
    found = []
    surnames = {cores[-1] for cores in groups if len(cores) > 1}
    names = [numbers for cores, numbers in groups.items() if cores in organizations or _is_name(cores, surnames, lex)]
    for numbers in sorted(map(sorted, names)):
        fullest = max(len(settled[number].tokens) for number in numbers)
        full = [settled[number] for number in numbers if len(settled[number].tokens) == fullest]
        inside = [mention for mention in full if mention.opening == "no" and not mention.heading]
        votes = Counter(_spelt(text, mention) for mention in inside or full)
        spans = [(written[number].tokens[0].start, written[number].tokens[-1].end) for number in numbers]
        mentions = tuple(Mention(start, end, text[start:end]) for start, end in spans)
        found.append(Entity(votes.most_common(1)[0][0], mentions))
    return found


def _is_name(cores: tuple[str, ...], surnames: Collection[str], lex: Lexicon) -> bool:
    """Whether the cores are a name by themselves: not words, a people ("Iraqis") or a family ("Joneses")."""
    if len(cores) == 1:
        core = cores[0]
        family = core.removesuffix("es") in surnames or core.removesuffix("s") in surnames
        if family and core not in surnames:
            return False
    begun = cores[0] in lex.first_names or any(core in lex.organizations for core in cores)
    return (len(cores) > 1 and begun) or not all(lex.is_ordinary(core) or lex.is_people(core) for core in cores)


def _spelt(text: str, mention: NameMention) -> str:
    """Return the name as it is now spelt, with what stands between its tokens (the dots of initials)."""
    parts = [mention.tokens[0].text]
    for before, token in pairwise(mention.tokens):
        parts += [" ".join(text[before.end : token.start].split()) + " ", token.text]
    return "".join(parts)
