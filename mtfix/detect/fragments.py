"""Fragments: clauses cut off from their sentence, and picture captions left in the running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtfix.detect.pattern import Match, Pattern
from mtfix.detect.tokenclass import Words
from mtfix.document import Document, Sentence
from mtfix.result import Edit, Issue

_GROUP = """organization organisation group movement party faction network militia army gang cartel cell
    coalition alliance regime government rebels insurgents militants fighters terrorists forces troops
    separatists opposition front"""
_AIMS = """reunite regroup recover rebuild reorganize reorganise return expand survive operate recruit rearm
    spread resume advance unite grow rise retaliate resist attack mobilize mobilise restore regain consolidate
    strengthen reassemble reconstitute"""
_NOT_VERBS = """the a an this that these those his her its my our your their him me us them you it which whom
    whose what where no not be date wit all each every both one two boot hell heaven god war death life peace
    love health freedom work"""
_AGENCY = re.compile(
    r"\((?:Reuters|AFP|AP|EPA|DPA|Associated Press|Agence France-Presse|Getty(?: Images)?|Anatolia|Anadolu(?: Agency)?"
    r"|Xinhua|TASS|Sputnik|RIA Novosti|Al[ -]Jazeera|Shutterstock|Agencies|French|European|Archives?|Social Media"
    r"|File|Internet|Twitter|Facebook)\)$",
    re.IGNORECASE,
)
_LISTS = {"group": _GROUP.split(), "aim": _AIMS.split(), "no_verb": _NOT_VERBS.split()}
_RESIDUE = Pattern("START To LOWER WORD{0,3} . END", _LISTS)
_NO_VERB = Pattern("START To (@no_verb|*ing)", _LISTS)
_AIM = Pattern("START To @aim", _LISTS)
_THWARTED = Pattern(
    "(blow|setback|defeat|threat|obstacle|challenge|deterrent|hindrance) (to|for)"
    " (the|a|an|this|that) !(of|and|or|who|which|that|to|in|by|from|,|for){0,3} (@group) . END",
    _LISTS,
)
_TAKES_INFINITIVE = Pattern(
    "(decided|refused|agreed|tried|attempted|attempts|efforts|effort|plan|plans|able|unable|ability|right"
    "|attempt|opportunity|intention|decision|@group) . END",
    _LISTS,
)


def fragments(document: Document) -> Iterator[Issue | Edit]:
    """Yield infinitives cut off by a full stop ("To reunite.") and captions among paragraphs, in order.

    An infinitive is joined to the sentence before it when that one ends in a blow or threat to a group, and
    only reported otherwise.
    """
    paragraphs = sum(block.kind == "paragraph" for block in document.blocks)
    for block in document.blocks:
        if block.kind == "caption" and paragraphs > 1 and _AGENCY.search(document.text[block.start : block.end]):
            yield _caption(document, block.start, block.end)
        for before, sentence in zip(block.sentences, block.sentences[1:], strict=False):
            found = _residue(document, before, sentence)
            if found:
                yield found


def _caption(document: Document, start: int, end: int) -> Issue:
    return Issue(
        start,
        end,
        document.text[start:end],
        "inconsistent-style",
        "minor",
        0.6,
        "This looks like a picture caption with its agency, left among the paragraphs of the text.",
        "fragments:caption",
    )


def _residue(document: Document, before: Sentence, sentence: Sentence) -> Issue | Edit | None:
    if not sentence.text.startswith("To"):
        return None
    words, earlier = _words(document, sentence), _words(document, before)
    if _RESIDUE.match(words, 0) is None or _NO_VERB.match(words, 0):
        return None
    thwarted = _find(_THWARTED, earlier)
    if thwarted is None and _find(_TAKES_INFINITIVE, earlier) is None:
        return None
    clause = "to" + sentence.text[len("to") :]
    last_word = earlier.tokens[-2]
    possessive = "' " if last_word.text.endswith("s") else "'s "
    link = f"{possessive}efforts " if thwarted else " "
    start, end = last_word.end, sentence.end
    text, replacement = document.text[start:end], link + clause
    issue = Issue(
        start,
        end,
        text,
        "fragment",
        "major",
        0.9 if thwarted else 0.6,
        "An infinitive stands alone as a sentence: it was cut off from the sentence before it.",
        "fragments:infinitive",
        (replacement,),
    )
    untouchable = document.is_protected(start, end) or document.is_quoted(start, end)
    if thwarted and _AIM.match(words, 0) and not untouchable:
        return Edit(start, end, text, replacement, (issue,))
    return issue


def _words(document: Document, sentence: Sentence) -> Words:
    return Words(document.text, sentence.tokens, sentence.lower)


def _find(pattern: Pattern, words: Words) -> Match | None:
    first = max(0, len(words.tokens) - pattern.longest)
    starts = range(first, len(words.tokens))
    return next((found for start in starts if (found := pattern.match(words, start))), None)
