"""What must not be touched: addresses, code, markup, placeholders, glossary terms.

Over-protection costs repairs, so a pattern must be sure: "$5 and $6", "a < b" and "50% so" are prose.
Every pattern takes time linear in the text, whatever the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from mtfix.document import Span

_EXTENSIONS = (
    "avi bmp c cfg cmd conf cpp cs css csv dat db dll doc docx eps epub exe flac gif gz h hpp"
    " htm html ico ini ipynb iso java jpeg jpg js json jsonl jsx kt lua md mkv mov mp3"
    " mp4 ndjson odt ogg otf parquet pdf php pl png ppt pptx ps1 py pyc rar rb rs rst rtf scss sh"
    " sql srt svg swift tar tex tgz tiff toml ts tsv tsx ttf txt vue wav webm webp woff xls xlsx xml"
    " yaml yml zip"
)
_DOMAINS = "com org net edu gov mil info biz io dev app eu uk de fr ru cn jp pl ua tv"
_FLAGS = (
    "async autofocus autoplay checked controls default defer disabled hidden loop multiple muted"
    " novalidate open readonly required reversed selected"
)


def _any_of(words: str) -> str:
    return "|".join(words.split())


_URL = re.compile(
    r"(?<![\w+.-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.(?=[\w-])|mailto:(?=\w)|tel:(?=\+?\d))[^\s<>\"“”«»`|\\^{}]+"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,4}}(?-i:{_any_of(_DOMAINS)})(?![\w-])"
    r"(?:[/?#][^\s<>\"“”«»`|\\^{}]*)?",
    re.IGNORECASE,
)

# What every address has, and every file name: quickly looked for, and most texts have neither.
_ADDRESS_SIGN = re.compile(
    rf"[:.](?:(?<=:)//|(?<=www\.)|(?<=mailto:)|(?<=tel:)|(?<=\.)(?-i:{_any_of(_DOMAINS)}))", re.I
)
_EXTENSION = re.compile(rf"\.(?:{_any_of(_EXTENSIONS)})(?![\w-])")

# Each pattern with the characters of which a match must have one, or a pattern that is in it: most texts hold few.
_PATTERNS = tuple(
    (needed, re.compile(pattern, re.MULTILINE))
    for needed, pattern in (
        # e-mail addresses, handles, hashtags
        ("@", r"(?<![\w.+-])[\w.+-]{1,64}@[^\W_](?:[\w-]{0,62}\.)+[^\W\d_]{2,24}(?![\w-])"),
        ("@", r"(?<![\w@./+-])@[A-Za-z_]\w{0,38}(?:@[\w-]{1,63}(?:\.[\w-]{1,63})+)?"),
        ("#", r"#(?<![\w&#/]#)\w{0,100}[^\W\d]\w*"),
        # file paths: absolute, Windows, and whatever ends in a known extension
        (
            "/",
            r"(?<![\w/.~<-])(?:~|\.{1,2})?/[\w.@%+-]+(?:/[\w.@%+-]+)+/?|(?<![\w/.~-])(?:~|\.{1,2})/[\w.@%+-]+",
        ),
        ("\\", r"(?<!\w)[A-Za-z]:\\[^\s<>\"|?*]*|(?<![\w\\])\\\\[\w.-]+\\[^\s<>\"|?*]+"),
        (_EXTENSION, rf"(?<![\w./\\~-])(?:[\w~-][\w.~-]*[/\\])*[\w-][\w.-]*\.(?:{_any_of(_EXTENSIONS)})(?![\w-])"),
        # tags (but not <unk>, which a translation system writes for a word), declarations, autolinks, entities
        (
            "<",
            r"<(?!(?i:unk)>)/?[A-Za-z][\w:.-]*"
            rf"(?:\s+(?:[\w:@.-]+\s{{0,20}}=\s{{0,20}}(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>=`]+)|(?:{_any_of(_FLAGS)})\b))*"
            r"\s*/?>",
        ),
        (
            "<",
            r"</?\d{1,4}\s?/?>|<[!?][A-Za-z][^<>]{0,2000}>|<[a-z][a-z+.-]{1,20}:[^\s<>]+>|<[\w.+-]{1,64}@[\w.-]+>",
        ),
        ("&", r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"),
        # placeholders: printf, braces, templates, upper-case names between marks
        (
            "%",
            r"%(?<![\w%]%)(?:\(\w{1,80}\)|\d{1,2}\$)?[-+#0]{0,4}\d{0,4}(?:\.\d{1,3})?(?:hh|ll|[hlzjtL])?"
            r"[sdifuxXoeEgGcr@](?!\w)",
        ),
        ("%", r"%(?:%|(?<![\w%]%)[A-Z][A-Z0-9_]{1,60}%)"),
        (
            "{}",
            r"[$#%]?\{\{?[^{}\s]{0,120}\}\}?|[$#%]\{[^{}\n]{1,200}\}|\{\{[^{}\n]{1,200}\}\}|\{%[^{}\n]{1,200}%\}|[{}]",
        ),
        ("{", r"\{\s{0,5}\w{1,60}\s{0,5},\s{0,5}(?:plural|select|selectordinal)\s{0,5},"),
        ("_", r"(?<!\w)__[A-Z0-9]+(?:_[A-Z0-9]+)*__(?!\w)|\[[A-Z][A-Z0-9]*_[A-Z0-9_]*\]"),
        # Markdown: images, link brackets and targets, definitions, footnotes
        ("!", r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,2000}(?:[ \t]{1,9}\"[^\"\n]{0,300}\")?\)"),
        ("[", r"\[(?=[^\[\]\n]{1,300}\](?:\([^()\s]|\[))"),
        (
            "]",
            r"\]\([^()\s]{1,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,3}"
            r"(?:[ \t]{1,9}\"[^\"\n]{0,300}\")?\)",
        ),
        (
            "[]",
            r"\]\[[^\[\]\n]{0,100}\]|\[\^[^\[\]\s]{1,60}\]:?|^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]+\S+[^\n\r]*",
        ),
        # Markdown: marks of headings, lists, quotations; rules; table rows; emphasis
        ("#>", r"^ {0,3}#{1,6}[ \t]+|(?<=[ \t])#{1,6}[ \t]*$|^[ \t]*(?:>[ \t]?)+"),
        ("-*+•.)", r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t])?"),
        ("|-*_=", r"^ {0,3}(?:[-*_=][ \t]*){3,}\r?$|^[ \t:+-]*\|[ \t|:+-]*\r?$|\|"),
        ("*~", r"(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*])|~~"),
        ("_", r"(?<!\w)_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?!\w)"),
        # LaTeX: commands that take no prose, and maths that contains a sign of it
        (
            "\\",
            r"\\(?:begin|end|cite[a-z]*|ref|eqref|label|url|includegraphics|input|usepackage)\*?"
            r"(?:\[[^\[\]\n]{0,200}\])?\{[^{}\n]{0,200}\}",
        ),
        (
            "$",
            r"(?<![\w$\\])\$(?![\s\d$])(?:[A-Za-z]|[^$\n\\^_={}]{0,80}[\\^_={}][^$\n]{0,200})(?<!\s)\$(?![\d$])",
        ),
    )
)

_RAW_ELEMENT = re.compile(
    r"<(script|style|code|pre|kbd|samp|math|svg)\b[^<>]*>|(<!--)|(\$\$)|(\\\[)|(\\\()", re.IGNORECASE
)
_RAW_SIGNS = ("<", "$$", "\\[", "\\(")
_CLOSERS = {2: "-->", 3: "$$", 4: "\\]", 5: "\\)"}
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,4})([^\n`]*)$", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(?=[\w\"'-]+[ \t]*[:=])")
_TERM_TOKEN = re.compile(r"\w+|[^\w\s]")


def protect(text: str, terms: Iterable[str] = ()) -> list[Span]:
    """Return the spans of a text that nothing may change, sorted, neither overlapping nor touching.

    `terms` are glossary terms: whole words, case-sensitive, any white space between them.
    """
    present = set(text)
    spans = [
        match.span()
        for needed, pattern in _PATTERNS
        if (needed.search(text) if isinstance(needed, re.Pattern) else not present.isdisjoint(needed))
        for match in pattern.finditer(text)
    ]
    fences = list(_fences(text))
    spans.extend(fences)
    spans.extend(_inline_code(text, fences))
    for finder in (_urls, _front_matter, _raw_elements):
        spans.extend(finder(text))
    index = _index(tuple(terms))
    if index:
        spans.extend(_terms(text, index))
    return _merge(spans)


def _merge(spans: list[tuple[int, int]]) -> list[Span]:
    merged: list[Span] = []
    start = end = -1
    for next_start, next_end in sorted(spans):
        if next_start > end:
            if end > start:
                merged.append(Span(start, end))
            start, end = next_start, next_end
        else:
            end = max(end, next_end)
    if end > start:
        merged.append(Span(start, end))
    return merged


def _urls(text: str) -> Iterator[tuple[int, int]]:
    """Addresses, without the punctuation of the sentence after them."""
    for match in _URL.finditer(text) if _ADDRESS_SIGN.search(text) else ():
        url = match.group()
        surplus = {closer: url.count(closer) - url.count(opener) for opener, closer in ("()", "[]")}
        length = len(url)
        while length and (url[length - 1] in ".,;:!?'’*_~…" or surplus.get(url[length - 1], 0) > 0):
            if url[length - 1] in surplus:
                surplus[url[length - 1]] -= 1
            length -= 1
        yield match.start(), match.start() + length


def _front_matter(text: str) -> Iterator[tuple[int, int]]:
    opening = _FRONT_MATTER.match(text)
    if opening:
        closing = re.compile(rf"^{re.escape(opening[1])}[ \t]*\r?$", re.MULTILINE).search(text, opening.end())
        if closing:
            yield 0, closing.end()


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """Fenced code; a fence of backticks that never closes reaches to the end, as in CommonMark."""
    opening: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opening is None:
            opening = match
        elif match[1].startswith(opening[1]) and not match[2].strip():
            yield opening.start(), match.end()
            opening = None
    if opening is not None and opening[1].startswith("`"):
        yield opening.start(), len(text)


def _inline_code(text: str, fences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Code between equal runs of backticks in one paragraph; not quotations `like this' nor an apostrophe."""
    runs: dict[int, list[tuple[int, int]]] = {}
    starts = [start for start, _ in fences]
    for match in _BACKTICKS.finditer(text):
        fence = bisect_right(starts, match.start()) - 1
        if fence < 0 or match.start() >= fences[fence][1]:
            runs.setdefault(match.end() - match.start(), []).append(match.span())
    breaks = [match.start() for match in _BLANK_LINE.finditer(text)] if runs else []
    for pairs in runs.values():
        position = 0
        while position + 1 < len(pairs):
            (start, inner_start), (inner_end, end) = pairs[position], pairs[position + 1]
            if (
                not text[start - 1 : start].isalnum()
                and not text[end : end + 1].isalnum()
                and (text[inner_start].isspace() or not text[inner_end - 1].isspace())
                and bisect_right(breaks, start) == bisect_right(breaks, end)
            ):
                yield start, end
                position += 1
            position += 1


def _raw_elements(text: str) -> Iterator[tuple[int, int]]:
    """Comments, displayed maths, and elements whose content is not prose, from tag to tag."""
    if not any(sign in text for sign in _RAW_SIGNS):
        return
    unclosed: set[str] = set()
    position = 0
    while match := _RAW_ELEMENT.search(text, position):
        position = match.end()
        group = match.lastindex or 0
        closer = f"</{match[1].lower()}" if group == 1 else _CLOSERS[group]
        if closer in unclosed:
            continue
        closing = _closing(closer).search(text, position)
        if closing is None:
            unclosed.add(closer)
        elif group != 5 or "\n" not in text[position : closing.start()]:
            position = closing.end()
            yield match.start(), position


@lru_cache(maxsize=32)
def _closing(closer: str) -> re.Pattern[str]:
    return re.compile(re.escape(closer) + (r"\s*>" if closer.startswith("</") else ""), re.IGNORECASE)


@lru_cache(maxsize=8)
def _index(terms: tuple[str, ...]) -> dict[str, list[tuple[int, str]]]:
    """Return first token → (number of tokens, term with single spaces), longest terms first."""
    index: dict[str, list[tuple[int, str]]] = {}
    for term in terms:
        tokens = _TERM_TOKEN.findall(term)
        if tokens:
            index.setdefault(tokens[0], []).append((len(tokens), " ".join(term.split())))
    for entries in index.values():
        entries.sort(reverse=True)
    return index


def _terms(text: str, index: dict[str, list[tuple[int, str]]]) -> Iterator[tuple[int, int]]:
    tokens = [match.span() for match in _TERM_TOKEN.finditer(text)]
    for number, (start, end) in enumerate(tokens):
        for length, term in index.get(text[start:end], ()):
            if number + length <= len(tokens):
                last = tokens[number + length - 1][1]
                if " ".join(text[start:last].split()) == term:
                    yield start, last
                    break
