from __future__ import annotations

import re
import time
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from mtfix.report import diff, html_page
from mtfix.report.lines import LineIndex
from mtfix.result import Edit, Entity, Mention, Rejection, Repair
from tests.fake_fixer import FakeFixer, issue

NASTY = "<script>alert('x')</script> & \"quoted\" \x1b[31m \x00 \ud800"


class Checker(HTMLParser):
    """Fails on tags that don't nest, and collects ids, link targets and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words += data


def test_diff_marks_changes_and_gives_each_a_reason() -> None:
    repair = FakeFixer().repair("One is right. Here teh cat sat. All is well.\nTwo wrold.\n")
    assert repair.diff() == (
        "1:20  Here [-teh-]{+the+} cat sat.\n"
        "    minor spelling: A misspelling. (90 %, fake.spelling)\n"
        "\n"
        "1 edit, 1 issue reported without a repair\n"
    )


def test_diff_of_nothing_is_empty() -> None:
    assert FakeFixer().repair("All is well, wrold.").diff() == ""


def test_diff_in_color_has_no_brackets_and_resets_every_style() -> None:
    shown = FakeFixer().repair("Here teh cat.").diff(color=True)
    assert "\x1b[9;31mteh\x1b[0m \x1b[32mthe\x1b[0m" in shown
    assert "[-" not in shown
    assert shown.count("\x1b[0m") * 2 == shown.count("\x1b[")


def test_diff_never_floods() -> None:
    text = "word " * 50_000 + "teh " + "word " * 50_000
    assert len(FakeFixer().repair(text).diff()) < 800


def test_diff_groups_the_edits_of_a_sentence() -> None:
    shown = FakeFixer().repair("Here teh cat and teh dog sat.").diff()
    assert "Here [-teh-]{+the+} cat and [-teh-]{+the+} dog sat." in shown
    assert shown.count("minor spelling") == 2


def test_diff_shows_line_ends_and_disarms_the_terminal() -> None:
    text = "A\x1b[2J.\nTo reunite."
    found = issue(7, "\nTo", message="bad \x1b[31m")
    shown = diff(Repair(text, (Edit(7, 10, "\nTo", " to", (found,)),), (found,), (), ()))
    assert "\x1b" not in shown
    assert "[-⏎To-]{+ to+}" in shown


def test_an_edit_without_issues_is_still_shown() -> None:
    shown = diff(Repair("abc", (Edit(1, 2, "b", "", ()),), (), (), ()))
    assert "a[-b-]c" in shown
    assert "no reason recorded" in shown


def test_lines_end_as_files_have_it() -> None:
    text = "A\r\nhere teh cat\rteh"
    lines = LineIndex(text)
    assert [lines.place(found.start) for found in FakeFixer().check(text)] == [(2, 6), (3, 1)]
    assert [text[slice(*lines.range(number))] for number in (1, 2, 3)] == ["A", "here teh cat", "teh"]


def rich_repair() -> Repair:
    text = f"Here teh cat.\n\nMaruto met wrold\n\nand Maroto {NASTY}"
    base = FakeFixer().repair(text)
    wide = issue(text.index("met"), text[text.index("met") : text.index("Maroto")], severity="critical")
    name = Entity("Marotto", (Mention(15, 21, "Maruto"), Mention(37, 43, "Maroto")))
    plain = Entity(NASTY, (Mention(0, 4, NASTY),))
    dropped = Rejection(Edit(0, 4, "Here", NASTY, ()), f"lost a number {NASTY}")
    return Repair(text, base.edits, (*base.issues, wide), (name, plain), (dropped,))


def test_page_is_well_formed_self_contained_and_escaped() -> None:
    page = html_page(rich_repair(), title=f"Title {NASTY}")
    checked = Checker(page)
    assert len(checked.ids) == len(set(checked.ids))
    assert all(link.startswith("#") and link[1:] in checked.ids for link in checked.links)
    assert "alert('x')</script>" not in page
    assert page.count("<script>") == 1
    page.encode()  # no surrogates are left
    assert not re.search(r"https?://|@import|url\(", page)


def test_page_shows_text_reasons_names_and_rejections() -> None:
    checked = Checker(html_page(rich_repair()))
    for words in ("Here tehthe cat.", "A misspelling.", "90 %", "Marotto", "Maroto1", "lost a number"):
        assert words in checked.words
    assert {"del", "ins", "details", "table"} <= checked.tags


def test_page_of_an_untouched_text() -> None:
    checked = Checker(html_page(Repair("", (), (), (), ())))
    assert "No edits." in checked.words


@given(st.lists(st.sampled_from(["teh", "wrold", " ", "\n", "\r", "<b>", "&", "\ud800", "\0"])).map("".join))
def test_page_is_well_formed_for_any_text(text: str) -> None:
    Checker(html_page(FakeFixer().repair(text)))


@given(st.lists(st.sampled_from(["teh", "wrold", " ", "\n", "a. ", "\r\n", "b"])).map("".join))
def test_diff_shows_every_edit_once(text: str) -> None:
    repair = FakeFixer().repair(text)
    assert repair.diff().count("[-teh-]{+the+}") == len(repair.edits)


def test_long_texts_stay_workable() -> None:
    repair = FakeFixer().repair("Here teh cat saw a wrold today.\n" * 8_000)
    began = time.process_time()
    assert len(repair.diff()) < 10_000_000
    assert len(repair.to_html()) < 50_000_000
    assert time.process_time() - began < 10
