from __future__ import annotations

import pytest

from mtfix.names import NamesPass
from mtfix.result import Edit, replay
from mtfix.segment import segment


def mend(text: str) -> str:
    edits = [item for item in NamesPass({}, {})(segment(text))[1] if isinstance(item, Edit)]
    return replay(text, edits)


PAIRS = (
    "Austria/Australia Marina/Marino Korea/Koreans Democrat/Democrats Niger/Nigeria Slovakia/Slovenia Iraqi/Iraqis "
    "Iraq/Iran Petrenkov/Petrenkova Delvan/Delvani London/Lyndon Willis/Wallis Jordan/Jordanian Mali/Malta "
    "Chen/Cheng Lee/Leigh Kumar/Jayakumar Ichiro/Yuichiro Mario/Maria Haddad/Haddadi Green/Greens"
).split()
#: Names that are often two people's: one is taken for the other only on the evidence of a full name.
LOOK_ALIKES = (
    "Brown/Browne Johnson/Johnston Smith/Smyth Hansen/Hanson Stephen/Steven Marks/Marx Catherine/Katherine".split()
)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(
    "frame",
    [
        "We met Anna {0} in May. Later {1} spoke to the press. {0} left.",
        "Mr {0} came first. In the end {1} won the prize.",
        "They praised {0} and went to see {1}. People know {0}.",
        "We met Anna {0} in May. Then came Peter {1}, a doctor.",
    ],
)
def test_look_alikes_stay_two(pair: str, frame: str) -> None:
    text = frame.format(*pair.split("/"))
    assert mend(text) == text


@pytest.mark.parametrize("pair", LOOK_ALIKES)
@pytest.mark.parametrize(
    "frame",
    [
        "Mr {0} came first. In the end {1} won the prize.",
        "They praised {0} and went to see {1}. People know {0}.",
        "We met Anna {0} in May. Then came Peter {1}, a doctor.",
        "Anna {0} came. Peter {1} left. Then {0} slept, and {1} did not.",
    ],
)
def test_usual_look_alikes_need_a_full_name(pair: str, frame: str) -> None:
    text = frame.format(*pair.split("/"))
    assert mend(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Anna Clarke spoke. Later Clarke left. The people who know Clark say so.",
            "Anna Clarke spoke. Later Clarke left. The people who know Clarke say so.",
        ),
        (
            "We saw General Omar Qasimi Delruto and the doctor. Then General Omar Kasimi Delruto left with Qasimi.",
            "We saw General Omar Qasimi Delruto and the doctor. Then General Omar Qasimi Delruto left with Qasimi.",
        ),
        (
            "The spokesman, Colonel Peter Delruto, spoke. Later Delruto left.\n\nDelroto pointed out that it rained.",
            "The spokesman, Colonel Peter Delruto, spoke. Later Delruto left.\n\nDelruto pointed out that it rained.",
        ),
        (
            "We met Tariq Delvani. Tariq Delwani's car was red. Delvani smiled.",
            "We met Tariq Delvani. Tariq Delvani's car was red. Delvani smiled.",
        ),
        (
            "Mohammed Qasimov won. The judges praised Mohamed Qasimov. “We thank Mohammed Qasimov,” they said.",
            "Mohammed Qasimov won. The judges praised Mohammed Qasimov. “We thank Mohammed Qasimov,” they said.",
        ),
    ],
)
def test_one_person_gets_one_spelling(text: str, expected: str) -> None:
    assert mend(text) == expected


def test_a_bare_name_between_two_people_joins_neither_to_the_other() -> None:
    text = "We met Anna Delroto in May. Then came Peter Delrutto. Delruto left. Later Delruto slept, and Delruto woke."
    assert mend(text) == text


def test_two_spellings_in_one_sentence_are_two_people() -> None:
    text = "We met Tariq Delruti. Both Delruti and Delroti were there."
    assert mend(text) == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            "We met Tariq Delruti. Delruti spoke first, and at the end of the meeting Delruty thanked us.",
            "We met Tariq Delruti. Delruti spoke first, and at the end of the meeting Delruti thanked us.",
        ),
        (
            "Tariq Delruti came. The Tariq Delruty of that year is not the Tariq Delruti of today.",
            "Tariq Delruti came. The Tariq Delruti of that year is not the Tariq Delruti of today.",
        ),
    ],
)
def test_one_person_may_be_named_twice_in_a_sentence(text: str, mended: str) -> None:
    assert mend(text) == mended


def test_a_first_name_that_sounds_the_same_is_one_in_another_sentence() -> None:
    text = "They all know Karl Brandovic. He likes to sing. Later Carl sang. Then Karl left."
    assert mend(text) == text.replace("Carl", "Karl")
    text = "Karl and Carl Brandovic are brothers. Later Karl sang."
    assert mend(text) == text


def test_long_names_may_differ_in_more_letters_than_short_ones() -> None:
    text = "President Kennedy spoke first. Kennedy left at noon. Then Candy came back."
    assert mend(text) == text.replace("Candy", "Kennedy")
    text = "Minister Paul spoke first. Paul left at noon. Then Bull came back."
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "President Ali Khamenei spoke first. Khamenei praised Imam Khomeini at length.",
        "Minister David Blunkett spoke of Tony Blair. Blair was pleased. He reads his speeches in Braille.",
    ],
)
def test_well_known_others_are_no_spellings(text: str) -> None:
    assert mend(text) == text


def test_a_people_is_no_spelling_of_a_surname() -> None:
    text = "Minister Steve Maharey spoke first. Then Maori leaders answered, and Maharey left."
    assert mend(text) == text


def test_a_spelling_with_another_first_name_is_another_person() -> None:
    text = "We met Peter Delruto. Then Anna Delroto came. Later Delroto left, and Delruto stayed."
    assert mend(text) == text


def test_a_word_before_a_bare_name_is_no_other_first_name() -> None:
    text = "Karl Brandovic came. Carl Brandovic sat down. He runs Global Service Carl, and Karl Brandovic likes it."
    text += " Karl Brandovic went home."
    assert mend(text) == text.replace("Carl", "Karl")


def test_a_bare_name_before_the_introduction_needs_to_be_surer() -> None:
    assert mend("People like Delroto. We met Peter Delruto.") == "People like Delruto. We met Peter Delruto."
    text = "People like Hamid. We met Peter Hamad."
    assert mend(text) == text


def test_the_majority_decides_and_at_a_tie_the_full_form() -> None:
    assert mend("We met Peter Delruto. Later Delroto left.").count("Delruto") == 2
    assert mend("We met Peter Delruto. Later Delroto left. Then Delroto came.").count("Delroto") == 3


def test_each_spelling_is_explained_by_its_own_evidence() -> None:
    text = "We met Anna Marotto in May. Anna Marrotto spoke. Later Maroto left. Anna Marotto stayed."
    messages = {item.text: item.issues[0].message for item in NamesPass()(segment(text))[1] if isinstance(item, Edit)}
    assert messages["Marrotto"].endswith("The rest of the full name is the same.")
    assert messages["Maroto"].endswith("‘Marotto’ is introduced in full, ‘Maroto’ is not.")


@pytest.mark.parametrize(
    "text",
    [
        "Anna Brandt and Anna Brand, two doctors, were heard. Brandt lives in Leeds, Brand in York.",
        "Omar Karimi is 52 years old, Omer Kareemi is 31.",
        "Adel Saleh and Adel Salah are cousins; Saleh is older than Salah.",
        "Judge Omar Saleh spoke. The accused, Adel Salih, was silent. Saleh sent Salih back to prison.",
    ],
)
def test_who_share_a_sentence_are_two_people(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Mahmud Salam Eddin, a critic, spoke. Later Mahmoud Salam scored a goal.",
        "Adel Hasan attended. Adel Hassan Dalameh was killed in 1979.",
    ],
)
def test_a_longer_name_is_another_s(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "The actress Olga Delinskaya spoke. Delinskiy, her husband, was silent.",
        "Maria Petrelaia won. Later Ivan Petreliy was glad. Petreliy left.",
    ],
)
def test_husband_and_wife_have_two_surnames(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "The engineer Jamal Delruto won the prize. Kamal Delruto, a lawyer, was second.",
        "Governor Jamal Haddad opened the road. The witness Kamal spoke for an hour. Later Kamal left.",
        "The lawyer Tarek Fahmy spoke. Then Tarek Wahmi left the room.",
        "Adel Dagher spoke first. Later Adel Tagher spoke.",
        "Khalid Delruto came first. Later Walid Delruto came.",
        "Director Ivan Titov spoke. The driver Didov left. Didov was late.",
    ],
)
def test_other_first_letters_are_other_names(text: str) -> None:
    assert mend(text) == text


def test_a_bare_name_beside_another_of_the_family_is_respelt() -> None:
    text = "The guests met Asma al-Delwad, the wife of Al-Dellwad. Bashar al-Delwad was silent."
    assert "al-Dellwad" not in mend(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Barack Delvani spoke. Barak Delvani left. Ehud Barak met Barack Delvani. Barak said no.",
            "Barack Delvani spoke. Barack Delvani left. Ehud Barak met Barack Delvani. Barak said no.",
        ),
        (
            "Gerd Schroder's book sold. Gerd Schröder spoke. It was Schroeder's. People like Gerd Schröder.",
            "Gerd Schröder's book sold. Gerd Schröder spoke. It was Schröder's. People like Gerd Schröder.",
        ),
        (
            "In May Abu Yasser Al-Bandari spoke. Later people saw Abu Yasir in town. Abu Yasser slept.",
            "In May Abu Yasser Al-Bandari spoke. Later people saw Abu Yasser in town. Abu Yasser slept.",
        ),
        (
            "They held Abu Walid. Then Abou Waleed left. All know Abu Walid.",
            "They held Abu Walid. Then Abu Walid left. All know Abu Walid.",
        ),
        (
            "They held Umm Mohammed. Then Um Muhammad left. All know Umm Mohammed.",
            "They held Umm Mohammed. Then Umm Mohammed left. All know Umm Mohammed.",
        ),
        (
            "TARIQ DELVANY FLOWN HOME\n\nTariq Delvani spoke. Later Delvani's wife left. They know Delvani.",
            "TARIQ DELVANI FLOWN HOME\n\nTariq Delvani spoke. Later Delvani's wife left. They know Delvani.",
        ),
        (
            "DELVANY MEETS AL-QASIMY\n\nOmar Delvani spoke. Nadir al-Qasimi slept. Delvani met al-Qasimi.",
            "DELVANI MEETS AL-QASIMI\n\nOmar Delvani spoke. Nadir al-Qasimi slept. Delvani met al-Qasimi.",
        ),
        (
            "Delvany Arrives in Town\n\nOmar Delvani spoke. People like Delvani.",
            "Delvani Arrives in Town\n\nOmar Delvani spoke. People like Delvani.",
        ),
        (
            "Haftar Arrives in Town\n\nOmar Hifter spoke. People like Hifter.",
            "Hifter Arrives in Town\n\nOmar Hifter spoke. People like Hifter.",
        ),
    ],
)
def test_votes_are_those_of_one_person_in_any_case(text: str, expected: str) -> None:
    assert mend(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Abu Mohammed al-Delvani spoke. Then came Abu Muhammad al-Bandari. Abu Mohammed left with Abu Muhammad.",
        "Delvan Chief of UNESKO Speaks\n\nOmar Unesco spoke. People like Unesco.",
        "Haftar Arrives in Town\n\nOmar Hifter met Haftar. People like Hifter.",
        "Haftar Arrives in Town\n\nOmar Hifter spoke.",
        "NATO AND OPEC HALT TALKS\n\nWe met Anna Haltz. Haltz spoke of NATO.",
    ],
)
def test_names_in_capitals_and_names_of_fathers_that_are_two(text: str) -> None:
    assert mend(text) == text
