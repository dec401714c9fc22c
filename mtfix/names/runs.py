"""Sentence → runs of name words: capitalized words with the particles and small words that join them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from mtfix.document import Document, Sentence, Token
from mtfix.names.lexicon import Lexicon
from mtfix.names.romanization import fold, split_article

_POSSESSIVE = re.compile(r"(?<=\w)['’][sS]?$")
_STARTS_RUN = frozenset("abou abu al bin bint el ibn oum um umm van von".split())
#: Name words and what joins them, each with its position in the sentence.
Run = list[tuple[int, Token]]

CONNECTORS = frozenset(("of", "for", "the", "and"))  # inside names of organizations
_GROUPS = frozenset(("people's", "women's", "men's", "children's"))


def strip_possessive(token: Token) -> Token:
    """Return the token without 's or a final apostrophe."""
    match = _POSSESSIVE.search(token.text)
    if match is None:
        return token
    return Token(token.start, token.start + match.start(), token.text[: match.start()])


@lru_cache(maxsize=65536)
def _is_name_word(text: str) -> bool:
    """Whether a token is written like a part of a name; acronyms and codes are not."""
    core = split_article(text)[1]
    if not core[0].isupper() or any(c.isdigit() or c == "_" for c in core):
        return False
    return not any(len(part) > 1 and part.isupper() for part in re.split(r"[-‐‑]", core))


def runs(sentence: Sentence, lex: Lexicon) -> Iterator[Run]:
    """Yield runs of adjacent name words and the particles between them, each with its position."""
    run: Run = []
    pending: Run = []
    dot_before = False

    def adjacent(token: Token) -> bool:
        end = (pending or run)[-1][1].end
        gap = sentence.text[end - sentence.start : token.start - sentence.start].strip()
        return gap in ("", "." * dot_before)

    for position, token in enumerate(sentence.tokens):
        text = token.text
        follows = bool(run or pending) and adjacent(token)
        if text == "." and follows and run and not pending and _abbreviates(run[-1][1].text, lex):
            dot_before = True
            continue
        if (run or pending) and not follows:
            if run:
                yield run
            run, pending = [], []
        dot_before = False
        is_particle = text in lex.particles and (run or pending or text in _STARTS_RUN)
        if is_particle or (text in CONNECTORS and run and _may_connect(text, run, pending, lex)):
            pending.append((position, token))
        elif run and token.start < run[-1][1].end:  # the apostrophe of "Workers' Party"
            continue
        elif _is_name_word(text) and not (len(text) == 1 and not _is_initial(sentence, position)):
            name = _of_group(sentence, position, lex) or _without_suffix(strip_possessive(token), lex)
            if pending and not _connects(pending, name, lex):
                yield run
                run, pending = [], []
            run += [*pending, (position, name)]
            pending = []
            if name.end < token.end:
                yield run
                run = []
        else:
            if run:
                yield run
            run, pending = [], []
    if run:
        yield run


def _may_connect(text: str, run: Run, pending: Run, lex: Lexicon) -> bool:
    """Whether a small word can be part of the name of an organization: "Office for the Care of Books and Maps"."""
    if text == "the":
        return bool(pending) and pending[-1][1].text in ("of", "for")
    if pending or not any(token.text.lower() in lex.organizations for _, token in run):
        return False
    return text != "and" or (
        lex.is_ordinary(run[-1][1].text.lower()) and any(token.text in ("of", "for") for _, token in run)
    )


def _connects(pending: Run, name: Token, lex: Lexicon) -> bool:
    """Whether the name of an organization goes on: after "and" and "for" with a word that isn't another name."""
    word = name.text.lower()
    return pending[0][1].text not in ("and", "for") or (lex.is_ordinary(word) and word not in lex.organizations)


def _of_group(sentence: Sentence, position: int, lex: Lexicon) -> Token | None:
    """Return "Workers'" of "Workers' Party" and "People's" of "People's Front", with the apostrophe; else None."""
    token, *after = sentence.tokens[position : position + 3]
    word = token.text.lower().replace("’", "'")
    if after and word.endswith("s") and lex.is_ordinary(word) and after[0].text in ("'", "’"):
        if after[0].start == token.end:
            token, after = Token(token.start, after[0].end, token.text + after[0].text), after[1:]
    elif word not in _GROUPS:
        return None
    follows = after and after[0].start == token.end + 1 and after[0].text[0].isupper()
    return token if follows and lex.is_ordinary(after[0].text.lower()) and token.text[-1] in "'’s" else None


def hyphenated_names(document: Document) -> frozenset[str]:
    """Return the folded names that the document writes with a small article and a hyphen ("al-Name")."""
    parts = (split_article(strip_possessive(tokens[0]).text) for tokens in document.places.values())
    return frozenset(fold(rest) for article, rest in parts if article[:1].islower())


def with_spaced_articles(run: Run, hyphenated: Collection[str]) -> Run:
    """Make one token of "Al Name" where the document also writes "al-Name"; "Al Gore" stays two."""
    joined: Run = []
    for position, token in run:
        before = joined[-1][1] if joined else None
        spaced = before and before.text.lower() in ("al", "el") and before.end + 1 == token.start
        if before and spaced and token.text[0].isupper() and fold(token.text) in hyphenated:
            joined[-1] = (joined[-1][0], Token(before.start, token.end, f"{before.text} {token.text}"))
        else:
            joined.append((position, token))
    return joined


def _abbreviates(text: str, lex: Lexicon) -> bool:
    return len(text) == 1 or text.lower() in lex.titles or text.lower() in lex.suffixes or text == "St"


def _is_initial(sentence: Sentence, position: int) -> bool:
    return position + 1 < len(sentence.tokens) and sentence.tokens[position + 1].text == "."


def _without_suffix(token: Token, lex: Lexicon) -> Token:
    """Return "Name" of "Name-led"; "Jong-un" is whole."""
    head, hyphen, tail = token.text.rpartition("-")
    is_word = tail in lex.compounds or (tail.endswith("ed") and tail in lex.words)
    if hyphen and is_word and not split_article(token.text)[0]:
        return Token(token.start, token.start + len(head), head)
    return token
