"""What a match is replaced by: templates with captures, letter case, and the article before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mtfix.detect.article import indefinite_article
from mtfix.detect.pattern import Match
from mtfix.detect.syntax import PatternError
from mtfix.detect.tokenclass import Words
from mtfix.document import Token, lower, tokenize

_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")


def third_person(verb: str) -> str:
    """Return the third person singular of a regular verb: face, faces; carry, carries."""
    irregular = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if verb in irregular:
        return irregular[verb]
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|x|z|ch|sh)$", verb) else "s")


_FILTERS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "capital": lambda text: text[:1].upper() + text[1:],
    "third": third_person,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A replacement with fields: `{1}` a group by number, `{name}` by name, `{0}` all of the match.

    `{1:past_of}` looks the words up in the mapping of that name; `{1:lower}`, `{1:capital}` and `{1:third}`
    change their form.
    """

    text: str
    maps: Mapping[str, Mapping[str, str]]

    def check(self, groups: set[str]) -> None:
        """Raise PatternError when a field or filter is unknown."""
        for found in _FIELD.finditer(self.text):
            if found[1] not in groups:
                raise PatternError(f"the pattern has no group {found[1]!r}, asked for by {self.text!r}")
            if found[2] and found[2] not in _FILTERS and found[2] not in self.maps:
                raise PatternError(f"no filter or mapping is called {found[2]!r}")
        if not self.text.strip() or "{" in _FIELD.sub("", self.text):
            raise PatternError(f"the replacement {self.text!r} is empty or has a stray brace")

    def fill(self, words: Words, match: Match) -> str:
        """Return the text for this match, with its first letter in the case of the match."""
        parts, last = [], 0
        for found in _FIELD.finditer(self.text):
            start, end = match.groups.get(found[1], (0, 0)) if found[1] != "0" else (match.start, match.end)
            captured = _text(words, start, end)
            if found[2]:
                table = self.maps.get(found[2])
                if table:  # an entry with a capital stands for itself alone
                    captured = table.get(captured, table.get(lower(captured), captured))
                else:
                    captured = _FILTERS[found[2]](captured)
            literal = self.text[last : found.start()]
            parts.append(literal if captured else literal.removesuffix(" "))
            parts.append(captured)
            last = found.end()
        filled = "".join([*parts, self.text[last:]]).strip()
        original = _text(words, match.start, match.end)
        if original.isupper() and match.end - match.start > 1:
            return filled.upper()
        return filled[:1].upper() + filled[1:] if original[0].isupper() else filled


def with_article(words: Words, start: int, replacements: Sequence[str]) -> tuple[Token | None, list[str]]:
    """Make an a or an before the match fit the first replacement.

    Returns the article's token if it has to change, and the replacements, then with the article.
    """
    if not replacements or start == 0 or words.lower[start - 1] not in ("a", "an"):
        return None, list(replacements)
    token = words.tokens[start - 1]
    fitting = [_article(text) or token.text.lower() for text in replacements]
    if fitting[0] == token.text.lower():
        return None, list(replacements)
    cased = [article.capitalize() if token.text[0].isupper() else article for article in fitting]
    return token, [f"{article} {text}" for article, text in zip(cased, replacements, strict=True)]


def _article(text: str) -> str | None:
    tokens = tokenize(text)
    return indefinite_article(tokens[0].text) if tokens else None


def _text(words: Words, start: int, end: int) -> str:
    if start >= end:
        return ""
    return words.text[words.tokens[start].start : words.tokens[end - 1].end]
