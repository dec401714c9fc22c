"""The rule engine, and every rule of every phrasebook on its own examples."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtfix.detect import RuleDetector, phrasebooks
from mtfix.detect.article import indefinite_article
from mtfix.detect.examples import failures, repair
from mtfix.detect.pattern import Pattern
from mtfix.detect.phrasebook import Rule, read_phrasebook
from mtfix.detect.syntax import PatternError
from mtfix.detect.tokenclass import Words
from mtfix.document import Span, lower, tokenize
from mtfix.options import OptionsError
from mtfix.result import Edit, Issue
from mtfix.segment import segment

ALL = RuleDetector(phrasebooks())
RULES = [pytest.param(rule, id=rule.id) for rule in ALL.rules]


def issues_of(found: Issue | Edit) -> tuple[Issue, ...]:
    return found.issues if isinstance(found, Edit) else (found,)


def repaired(text: str, detector: RuleDetector = ALL) -> str:
    return repair(detector, text)


@pytest.fixture
def book(tmp_path: Path):
    def write(rules: str, lists: str = "{}") -> Path:
        path = tmp_path / "book.yaml"
        path.write_text(f"lists: {lists}\nrules:\n{rules}", encoding="utf-8")
        return path

    return write


RULE = """
  - id: {id}
    pattern: {pattern}
    category: awkward
    severity: minor
    message: A message.
    {more}
    good: {good}
    bad: [Nothing here., Nor here.]
"""


def rule(pattern: str, more: str = "replacement: x", good: str = "", id: str = "one") -> str:
    if not good:
        repairs = more.startswith("replacement") or "\n    replacement" in more
        good = "[{in: a, out: b}, {in: c, out: d}]" if repairs else "[a, b]"
    return RULE.format(id=id, pattern=pattern, more=more, good=good)


# -- the phrasebooks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_keeps_to_its_examples(rule: Rule) -> None:
    assert not list(failures(ALL, rule))


def test_there_are_rules_enough_and_ids_are_unique() -> None:
    ids = [rule.id for rule in ALL.rules]
    assert len(ids) == len(set(ids)) >= 100


def test_messages_are_sentences() -> None:
    for rule in ALL.rules:
        assert rule.message.endswith(".") and len(rule.message) < 200, rule.id


def test_books_of_a_language() -> None:
    names = [path.name for path in phrasebooks("ar")]
    assert names == ["general.yaml", "arabic.yaml"]
    assert phrasebooks("ar-EG") == phrasebooks("ar")
    assert [path.name for path in phrasebooks("xx")] == ["general.yaml"]
    assert set(phrasebooks("ar")) <= set(phrasebooks("auto")) == set(phrasebooks())


# -- the pattern language ----------------------------------------------------------------------------------


def matched(pattern: str, text: str, **lists: list[str]) -> str | None:
    compiled = Pattern(pattern, lists)
    tokens = tokenize(text)
    words = Words(text, tokens, [lower(token.text) for token in tokens])
    for start in range(len(tokens)):
        found = compiled.match(words, start)
        if found and found.end > found.start:
            return text[tokens[found.start].start : tokens[found.end - 1].end]
    return None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("big house", "A BIG house.", "BIG house"),
        ("Big", "a big Big", "Big"),
        ("=us", "US and us", "us"),
        ("the (big|old red)? house", "the old red house", "the old red house"),
        ("the WORD{1,2} house", "the old house", "the old house"),
        ("the WORD{1,2} house", "the very old red house", None),
        ("@color car", "a red car", "red car"),
        ("@color car", "a dark green car", "dark green car"),
        ("@color car", "a Blue car, a blue car", "Blue car"),
        ("@color's door", "the red door, the red’s door", "red’s door"),
        ("the !big house", "the big house, the old house", "the old house"),
        ("the !(big|CAP) house", "the big house, the Old house, the red house", "the red house"),
        ("CAP&!@plain car", "a Blue car, a Green car", "Green car"),
        ("*tion of", "the completion of", "completion of"),
        ("un* man", "an unhappy man", "unhappy man"),
        (r"\( NUM \)", "he (43) left", "(43)"),
        ("the SAME", "in the the house", "the the"),
        ("the LOWER&REPEATED", "the cat, the dog and the cat", "the cat"),
        ("START the", "“The house and the car", "The"),
        ("car END", "a car, my car.”", "car"),
        ("WORD SPACE ,", "one, two , three", "two ,"),
        ("ING", "the king is sleeping", "sleeping"),
        ("ED", "the red car was painted", "painted"),
        ("TAKES_AN", "big apple", "apple"),
        ("soldier's", "a soldier’s car", "soldier’s"),
    ],
)
def test_patterns(pattern: str, text: str, expected: str | None) -> None:
    assert matched(pattern, text, color=["red", "dark green", "Blue"], plain=["Blue"]) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(big",
        "big)",
        "? big",
        "big|",
        "@nothing",
        "big{2,1}",
        "big{0,99}",
        "kind:big",
        "!(old red)",
        "(big?|x)",
        "big&",
        "((big{0,40}|x){0,40}|x){1,40}",
    ],
)
def test_unreadable_patterns(pattern: str) -> None:
    with pytest.raises(PatternError):
        Pattern(pattern)


def test_matching_is_not_exponential() -> None:
    text = "a " * 2000 + "b"
    tokens = tokenize(text)
    words = Words(text, tokens, [token.text for token in tokens])
    assert Pattern("a ((a|a a){1,6} (a|ANY a?){1,6}){1,8} c").match(words, 0) is None


ARTICLES = {
    "a": "university one-off unanimous euro useful big hundred year",
    "an": "apple hour onerous unintended heir usher urgent honest-looking",
    None: "NGO is historic mri herb x-ray 8",
}


@pytest.mark.parametrize(("article", "word"), [(a, word) for a, words in ARTICLES.items() for word in words.split()])
def test_indefinite_article(article: str | None, word: str) -> None:
    assert indefinite_article(word) == article


# -- what a rule can do ------------------------------------------------------------------------------------


def test_case_and_article_follow(book) -> None:
    detector = RuleDetector([book(rule("large (house|car)", "replacement: ['expensive {1}', 'dear {1}']"))])
    assert repaired("Large house. A large car. LARGE CAR.", detector) == (
        "Expensive house. An expensive car. EXPENSIVE CAR."
    )
    edit = next(iter(detector(segment("He has a large car."))))
    assert isinstance(edit, Edit)
    assert (edit.text, edit.replacement) == ("a large car", "an expensive car")
    assert edit.issues[0].suggestions == ("an expensive car", "a dear car")
    assert edit.issues[0].detector == "rules:one"


def test_named_groups_and_mappings(book) -> None:
    more = 'replacement: "{who} {1:past}"'
    detector = RuleDetector([book(rule("(@past) who:(the WORD)", more), "{past: {sings: sang}}")])
    assert repaired("Here sings the bird.", detector) == "Here the bird sang."


def test_contexts(book) -> None:
    more = "replacement: x\n    before: (old|very WORD)\n    not_after: and"
    detector = RuleDetector([book(rule("car", more))])
    assert repaired("old car, very fast car, new car, old car and", detector) == (
        "old x, very fast x, new car, old car and"
    )


def test_where(book) -> None:
    detector = RuleDetector([book(rule("car", "replacement: bus\n    where: heading"))])
    assert repaired("The car\n\nThis is the car.\n", detector) == "The bus\n\nThis is the car.\n"


def test_quotations_are_only_reported_on(book) -> None:
    document = segment('He said "my car is old".')
    for mode, kinds in (("report", [Issue]), ("repair", [Edit]), ("skip", [])):
        detector = RuleDetector([book(rule("car", f"replacement: bus\n    quotes: {mode}"))])
        assert [type(found) for found in detector(document)] == kinds


def test_protected_spans_are_left_alone(book) -> None:
    detector = RuleDetector([book(rule("old car", "replacement: bus"))])
    assert not list(detector(segment("my old car", [Span(7, 10)])))
    assert list(detector(segment("my old car", [Span(0, 2)])))


def test_longest_leftmost_wins_and_repairs_come_first(book) -> None:
    rules = rule("old red car", "replacement: bus", id="long") + rule("red car now", "replacement: y", id="late")
    rules += rule("my old", "suggestions: z", id="report")
    found = list(RuleDetector([book(rules)])(segment("It is my old red car now.")))
    assert [issue.detector for item in found for issue in issues_of(item)] == ["rules:long"]


def test_density(book) -> None:
    detector = RuleDetector([book(rule("indeed", "density: 50"))])
    assert not list(detector(segment("Indeed, indeed.")))
    assert len(list(detector(segment("Indeed, indeed and indeed.")))) == 3
    assert not list(detector(segment("Indeed, indeed and indeed. " + "Others sleep. " * 40)))


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (rule("(big"), "not closed"),
        (rule("WORD CAP"), "to be found by"),
        (rule("big", "replacement: '{2}'"), "no group '2'"),
        (rule("big", "replacement: '{0:twice}'"), "no filter"),
        (rule("big", "replacement: x\n    colour: red"), "unknown field colour"),
        (rule("big", "replacement: x\n    confidence: 7"), "confidence is 7"),
        (rule("big", "replacement: x\n    where: footnote"), "footnote"),
        (rule("big", good="[{in: a, out: b}]"), "at least two"),
        (rule("big", good="[a, b]"), "'in' and 'out'"),
        (rule("big", "suspected: true", good="[{in: a, out: b}, {in: c, out: d}]"), "only reports"),
        (rule("big").replace("awkward", "ugly"), "category is 'ugly'"),
        (rule("big").replace("minor", "awful"), "severity is 'awful'"),
        (rule("big").replace("message: A message.", ""), "'message' is missing"),
        (rule("big") + rule("old"), "used twice"),
        (rule("big") + "    bad: [twice]\n", "stands there twice"),
        (rule("big").replace("bad: [Nothing here., Nor here.]", "bad: [Nothing here.]"), "at least two"),
        ("", "no rules found"),
        ("  - just text", "expected a mapping"),
        ("  - {", "not valid YAML"),
    ],
)
def test_errors_name_file_rule_and_reason(book, rules: str, reason: str) -> None:
    path = book(rules)
    with pytest.raises(OptionsError, match=r"book\.yaml") as raised:
        read_phrasebook(path)
    assert reason in str(raised.value)


def test_error_names_the_line(book) -> None:
    with pytest.raises(OptionsError, match=r"line 13, rule 'two'"):
        read_phrasebook(book(rule("big") + rule("(old", id="two")))


def test_words_that_yaml_takes_for_truth_values_are_refused(book) -> None:
    with pytest.raises(OptionsError, match="quote"):
        read_phrasebook(book(rule("@short"), "{short: [no, yes]}"))


def test_an_id_of_another_book_is_refused(book) -> None:
    taken = ALL.rules[0].id
    with pytest.raises(OptionsError, match=rf"book\.yaml, line 4: general\.yaml has a rule '{taken}' too"):
        RuleDetector([*phrasebooks(), book(rule("big", id=taken))])


@pytest.mark.parametrize("lists", ["[a, b]", "text", "{one: text}", "{one: 5}", "{one: null}"])
def test_lists_that_are_none_are_refused(book, lists: str) -> None:
    with pytest.raises(OptionsError, match=r"book\.yaml"):
        read_phrasebook(book(rule("big"), lists))


@pytest.mark.parametrize(
    ("more", "good", "bad", "reason"),
    [
        ("suspected: true", "[A big car., A car.]", "[No., None.]", "does not fire on a good example"),
        ("suggestions: big", "[A big car., Big.]", "[No., None.]", "a suggestion is what stands there already"),
        ("suspected: true", "[A big car., Big.]", "[So big., None.]", "fires on a bad example"),
        (
            "replacement: tall",
            "[{in: So big., out: So tall.}, {in: Big., out: Large.}]",
            "[No., None.]",
            "not “Large.”",
        ),
        (
            "replacement: very big",
            "[{in: So big., out: So very big.}, {in: Big., out: Very big.}]",
            "[No., None.]",
            "changes again: “So very very big.”",
        ),
    ],
)
def test_examples_that_fail_are_told(book, more: str, good: str, bad: str, reason: str) -> None:
    text = rule("big", more, good).replace("[Nothing here., Nor here.]", bad)
    detector = RuleDetector([book(text)])
    assert reason in next(failures(detector, detector.rules[0])).reason


def test_missing_book(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="check the path"):
        RuleDetector([tmp_path / "none.yaml"])


# -- any text ----------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    "the of of , . ; ( ) “ ” \" ' and a an During from According to what forces said The coalition Friday"
    " (43 years) qualitative blow qualitative he has 9 years old \n\n ? ! – which is in spite despite of".split(" ")
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join)))
def test_offsets_fit_any_text(text: str) -> None:
    document = segment(text)
    last = 0
    for found in ALL(document):
        assert text[found.start : found.end] == found.text
        assert last <= found.start < found.end
        last = found.end
        for issue in issues_of(found):
            assert 0 <= issue.start < issue.end <= len(text)
    repaired(text)
