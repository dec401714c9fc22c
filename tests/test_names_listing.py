"""`mtfix names` and mtfix.report.names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix import clean, repair
from mtfix.cli import main
from mtfix.names import load_names
from mtfix.report.names import as_csv, as_json, as_table, collect
from mtfix.result import Entity, Mention

DOCUMENTS = (
    "We met Tariq Delvani. Later Delvani left.",
    "The judges praised Tariq Delvani. Then Tariq Delwani thanked them. The press liked Tariq Delvani.",
)


def entity(canonical: str, *spellings: str) -> Entity:
    return Entity(canonical, tuple(Mention(0, len(text), text) for text in spellings))


def test_one_name_in_several_documents_is_one_row() -> None:
    (name,) = collect(
        [[entity("Omar al-Qasimi", "Omar al-Qasimi", "Al-Qasimi")], [entity("Omar Al-Qasimi", "Omar Al-Qasimi")]]
    )
    assert (name.canonical, name.count, name.documents) == ("Omar al-Qasimi", 3, 2)
    assert name.variants == ["Omar Al-Qasimi"]
    assert dict(name.short) == {"Al-Qasimi": 1}


def test_forms_agree() -> None:
    names = collect([[entity("Tariq Delvani", "Tariq Delvani", "Tariq Delwani", "Delvani"), entity("Rabat", "Rabat")]])
    assert as_csv(names).splitlines() == [
        "canonical,variants,also,mentions,documents",
        "Tariq Delvani,Tariq Delvani|Tariq Delwani,Delvani,3,1",
        "Rabat,Rabat,,1,1",
    ]
    assert [row["canonical"] for row in json.loads(as_json(names))] == ["Tariq Delvani", "Rabat"]
    assert "Tariq Delwani (1)" in as_table(names)
    assert len(as_table(names).splitlines()) == 3


def test_a_spelling_that_two_documents_judge_differently_is_listed_once(tmp_path: Path) -> None:
    names = collect(
        [[entity("Tariq Delvani", *["Tariq Delvani"] * 3, "Tarik Delwani")], [entity("Tarik Delwani", "Tarik Delwani")]]
    )
    path = tmp_path / "names.csv"
    path.write_text(as_csv(names), encoding="utf-8")
    assert load_names(path, "glossary") == {"Tariq Delvani": ("Tariq Delvani",), "Tarik Delwani": ("Tarik Delwani",)}
    assert "Tariq Delvani,Tariq Delvani,Tarik Delwani," in as_csv(names)


def test_the_list_is_a_glossary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for number, text in enumerate(DOCUMENTS):
        paths.append(str(tmp_path / f"{number}.txt"))
        Path(paths[-1]).write_text(text, encoding="utf-8")
    assert main(["names", *paths, "--format", "csv", "--varying"]) == 0
    listed = capsys.readouterr().out
    assert "Tariq Delvani,Tariq Delvani|Tariq Delwani,Delvani,5,2" in listed
    glossary = tmp_path / "names.csv"
    glossary.write_text(listed, encoding="utf-8")
    text = "They know Tariq Delwani well."
    assert clean(text, regenerate=False) == text
    assert clean(text, regenerate=False, glossary=str(glossary)) == "They know Tariq Delvani well."


COLONEL = (
    "Colonel Karim Delruto spoke. Delroto said that it would rain. They waited for the statement of Delrutto. "
    "They met Jamil al-Bandari and Prime Minister Nadir Al-Tamari. Bandary left. The Delroto-led men saw Al-Tamari.\n\n"
    "Al-Bandari Wins\n\nDelruto went home. People like Delruto."
)


def listed(tmp_path: Path, text: str, *corrections: tuple[str, str]) -> str:
    path = tmp_path / "names.csv"
    table = as_csv(collect([repair(text, regenerate=False).entities]))
    for old, new in corrections:
        assert f"\n{old}," in table
        table = table.replace(f"\n{old},", f"\n{new},")
    path.write_text(table, encoding="utf-8")
    return str(path)


def test_the_list_as_it_is_changes_nothing(tmp_path: Path) -> None:
    with_list = clean(COLONEL, regenerate=False, glossary=listed(tmp_path, COLONEL))
    assert with_list == clean(COLONEL, regenerate=False)
    assert "Delroto" not in with_list


@pytest.mark.parametrize("surname", ["Delroto", "Marchetti"])
def test_a_correction_reaches_all_mentions_of_a_person(tmp_path: Path, surname: str) -> None:
    glossary = listed(tmp_path, COLONEL, ("Karim Delruto", f"Karim {surname}"))
    mended = clean(COLONEL, regenerate=False, glossary=glossary)
    assert mended == clean(COLONEL, regenerate=False).replace("Delruto", surname)
    assert clean(mended, regenerate=False, glossary=glossary) == mended


def test_a_name_whose_surname_varies_is_listed_as_varying() -> None:
    (name,) = collect([[entity("Karim Delruto", "Karim Delruto", "Delroto")]])
    assert name.varies
    (name,) = collect([[entity("Omar al-Qasimi", "Omar al-Qasimi", "Al-Qasimi")]])
    assert not name.varies


def test_an_unreadable_file_is_told_and_the_others_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.txt"
    good.write_text(DOCUMENTS[0], encoding="utf-8")
    assert main(["names", str(tmp_path / "none.txt"), str(good)]) == 2
    out, err = capsys.readouterr()
    assert "Tariq Delvani" in out
    assert "none.txt" in err
