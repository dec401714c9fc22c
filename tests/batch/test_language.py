from __future__ import annotations

import pytest

from mtfix.batch.language import not_english

ENGLISH = [
    "",
    "OK",
    "12 + 30 = 42",
    "The minister said on Monday that the talks would go on until the end of the week.",
    "Table of contents: Introduction, Methods, Results, Discussion, References, Index, Maps, Figures, Tables, Plates",
    "From Rio de Janeiro and Los Angeles they went to San Juan de la Maguana, Santa Cruz de la Sierra and Las Palmas.",
    "He greeted them with “Guten Morgen, meine Damen und Herren, es ist schön, dass Sie da sind” and sat down.",
    "In the Kyiv (Київ) metro the sign says “Вихід”.",
    "Government that the work of committee continue, and of members one say is not to be.",
    "<p>The <b>house</b> is sold.</p>",
]
OTHERS = {
    "German": "Der Minister sagte am Montag, dass die Gespräche bis zum Ende der Woche weitergehen.",
    "French": "Le ministre a déclaré lundi que les discussions se poursuivront jusqu'à la fin de la semaine.",
    "Spanish": "El ministro dijo el lunes que las conversaciones van a seguir hasta el final de la semana.",
    "Indonesian": "Menteri itu mengatakan pada hari Senin bahwa pembicaraan akan terus dan tidak berakhir.",
    "Polish": "Minister powiedział w poniedziałek, że rozmowy będą trwać do końca tygodnia, i nie jest to łatwe.",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english_and_what_may_be_it_is_left_in(text: str) -> None:
    assert not_english(text) is None


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_told(language: str) -> None:
    assert not_english(OTHERS[language]) == f"not English: it looks {language}"


@pytest.mark.parametrize("text", ["Привет", "أعلن الجيش أن القوات دخلت", "部长周一说，会谈将继续", "Ο υπουργός είπε"])
def test_other_scripts_are_told(text: str) -> None:
    assert not_english(text) == "not English: most of its letters aren't Latin"
