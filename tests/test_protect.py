from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.protect import protect

anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
markup = st.text("<>a =\"'`~\n-#*_[](){}%$\\/@.:!|&;^A1 \r", max_size=120)


def protected(text: str, *terms: str) -> list[str]:
    return [text[span.start : span.end] for span in protect(text, terms)]


@pytest.mark.parametrize(
    "prose",
    [
        "The price rose from $5 and $6 to $7 or $8.",
        "It holds that a < b and c > d, so x <y and z> w.",
        "About 50% so far, 100%, 5 % and 20%-30%.",
        "He and/or she ran 90 km/h, 24/7, on 3/4 of the road.",
        "He left -- and then -- returned; 5 * 3 = 15.",
        "`Quoted' words and `other' words; it`s old, don`t ask.",
        "He is here.So what? The U.S.in e.g.this and No.5.",
        "AT&T; rock&roll. Number #1 at 5 @ 3.",
        "The AU$ and US$5 rate, $US and AU$, is not maths.",
        "A sentence (with brackets) [and more], “quoted”, 'so'.",
        "She sat down.The end.So it goes.",
    ],
)
def test_leaves_prose_alone(prose: str) -> None:
    assert protected(prose) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://a.b/c_(d), or (www.foo.org/x).", ["https://a.b/c_(d)", "www.foo.org/x"]),
        ("Go to example.com. Or example.org/a?b=c!", ["example.com", "example.org/a?b=c"]),
        ("Mail bob.smith@ex-ample.co.uk.", ["bob.smith@ex-ample.co.uk"]),
        ("Hi @john, see #news and #2020vote.", ["@john", "#news", "#2020vote"]),
        ("In /usr/local/bin/x, ~/notes and ../up.", ["/usr/local/bin/x", "~/notes", "../up."]),
        (
            "Open C:\\Users\\x now, or src/main.py, or report.pdf.",
            ["C:\\Users\\x", "src/main.py", "report.pdf"],
        ),
        ("Use `foo bar` or ``a ` b``.", ["`foo bar`", "``a ` b``"]),
        ('<p class="x">Hello <b>you</b>!<br/>', ['<p class="x">', "<b>", "</b>", "<br/>"]),
        ("A <code>let x = 1</code> b <pre>c\nd</pre>.", ["<code>let x = 1</code>", "<pre>c\nd</pre>"]),
        ("<script>if (a < b) {}</script>", ["<script>if (a < b) {}</script>"]),
        ("A <!-- not\nthis --> b &amp; c &#8217;", ["<!-- not\nthis -->", "&amp;", "&#8217;"]),
        ("%s of %(name)d, %1$s, %.2f, %5d", ["%s", "%(name)d", "%1$s", "%.2f", "%5d"]),
        ("{name} {} {0:.2f} {{ user.name }} ${x}", ["{name}", "{}", "{0:.2f}", "{{ user.name }}", "${x}"]),
        ("<0>word</0> __NAME__ [PERSON_1]", ["<0>", "</0>", "__NAME__", "[PERSON_1]"]),
        ('[text](http://x.y "t") and ![alt](i.png)', ["[", '](http://x.y "t")', "![alt](i.png)"]),
        ("## Title\n- one\n2. two\n> three", ["## ", "- ", "2. ", "> "]),
        ("| a | b |\n|---|---|\n", ["|", "|", "|", "|---|---|"]),
        ("**bold** and _it_ and ~~gone~~", ["**", "**", "_", "_", "~~", "~~"]),
        ("---\ntitle: x\n---\nBody", ["---\ntitle: x\n---"]),
        ("```py\nx = 1\n```\nText\n```\nopen", ["```py\nx = 1\n```", "```\nopen"]),
        ("Since $x$ and $a_1 = 5$, \\(y\\) and \\cite{foo}.", ["$x$", "$a_1 = 5$", "\\(y\\)", "\\cite{foo}"]),
    ],
)
def test_protects_what_is_not_prose(text: str, expected: list[str]) -> None:
    assert protected(text) == expected


def test_words_inside_markup_stay_open() -> None:
    text = "<p>teh</p> **teh** [teh](http://x.y)"
    open_to_change = [i for i in range(len(text)) if text.startswith("teh", i)]
    assert not any(span.overlaps(i, i + 3) for span in protect(text) for i in open_to_change)


def test_code_blocks_survive_windows_line_ends() -> None:
    assert protected("A\r\n```\r\nx\r\n```\r\nB") == ["```\r\nx\r\n```\r"]


def test_terms_are_whole_words_in_their_own_case() -> None:
    text = "Foo, foo, Foobar, Foo's, New\n York Times, C++ and C"
    assert protected(text, "Foo", "New York", "New York Times", "C++") == [
        "Foo",
        "Foo",
        "New\n York Times",
        "C++",
    ]


def test_an_empty_term_protects_nothing() -> None:
    assert protected("Some words.", "", " ") == []


@given(anything | markup, st.lists(st.text("ab <C+", max_size=5), max_size=3))
def test_spans_are_sorted_apart_and_inside_the_text(text: str, terms: list[str]) -> None:
    spans = protect(text, terms)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end < b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "piece",
    '<a @<a x="@<!--@`@```\n@a.@[@](a(@{{@$a_@%0@ @\t@\r\n@*@_@\\[@/a@<code>@http://@|@> @A_@~~~\n@![a](@\ud800'
    "@<a b=c @{a,@New @a-@\\cite{@<!a@www.@-".split("@"),
)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = time.process_time()
        protect(text, ["New York", "New York Times"])
        return time.process_time() - began

    seconds(1000)
    assert seconds(100_000) < 3  # quadratic patterns take minutes
