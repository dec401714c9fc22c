from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix.cli import main
from mtfix.names.registry import Registry
from mtfix.options import OptionsError
from mtfix.result import Entity, Mention


def entity(name: str, times: int = 1) -> Entity:
    return Entity(name, tuple(Mention(0, len(name), name) for _ in range(times)))


def registry(path: Path, *documents: list[Entity], source: str = "auto") -> dict[str, tuple[str, ...]]:
    with Registry(path) as names:
        for number, document in enumerate(documents):
            names.add([f"document {number}"], document)
        return names.glossary(source)


def test_the_spelling_of_most_documents_is_canonical(tmp_path: Path) -> None:
    usual, other = entity("Tariq Delvani"), entity("Tariq Delwani", 5)
    one = {"Tariq Delvani": ("Tariq Delvani", "Tariq Delwani")}
    assert registry(tmp_path / "a", [usual], [usual], [other]) == one
    assert registry(tmp_path / "b", [other], [usual], [usual]) == one
    assert registry(tmp_path / "c", [usual], [other]) == {}  # no spelling is more usual


@pytest.mark.parametrize(
    "pair",
    [
        "Tariq Delvani/Anna Delvani",
        "Peter Petrenkov/Peter Petrenkova",
        "Delvani/Delwani",
        "Muhammad Hasan/Mohamed Hassan",
        "Muhammad Hasan/Muhammad Hassan",
        "Ahmed Ali/Ahmed al-Ali",
        "Hamad Delvani/Hamid Delvani",
        "Peter Borsen/Peter Borson",
        "Tariq Karimi/Tariq Karami",
    ],
)
def test_names_that_may_be_two_people_are_left(tmp_path: Path, pair: str) -> None:
    one, other = pair.split("/")
    assert registry(tmp_path / "names", [entity(one)], [entity(one)], [entity(other)]) == {}


def test_what_tells_a_person_is_a_rare_name(tmp_path: Path) -> None:
    usual, other = entity("Sergey Drelov"), entity("Sergei Drelow")
    people = [[usual], [usual], [other]]
    one = {"Sergey Drelov": ("Sergey Drelov", "Sergei Drelow")}
    assert registry(tmp_path / "a", *people, source="ru") == one
    assert registry(tmp_path / "b", *people, [entity("Irina Drelov")], source="ru") == {}


def test_the_source_says_how_alike_spellings_are(tmp_path: Path) -> None:
    people = [[entity("Khamis Dafrar")], [entity("Khamis Dafrar")], [entity("Khamis Difrer")]]
    assert registry(tmp_path / "a", *people, source="ru") == {}
    assert registry(tmp_path / "b", *people, source="ar") == {"Khamis Dafrar": ("Khamis Dafrar", "Khamis Difrer")}


def test_two_people_of_one_document_stay_two(tmp_path: Path) -> None:
    usual, other = entity("Tariq Delvani"), entity("Tariq Delwani")
    assert registry(tmp_path / "names", [usual], [usual], [usual], [usual, other]) == {}


def test_a_longer_name_is_not_respelt_inside(tmp_path: Path) -> None:
    usual, other, longer = entity("Tariq Delvani"), entity("Tariq Delwani"), entity("Omar Tariq Delwani")
    assert registry(tmp_path / "names", [usual], [usual], [other], [longer]) == {
        "Tariq Delvani": ("Tariq Delvani", "Tariq Delwani"),
        "Omar Tariq Delwani": ("Omar Tariq Delwani",),
    }


def test_a_document_counts_once_and_new_ones_are_added(tmp_path: Path) -> None:
    usual, other = entity("Tariq Delvani"), entity("Tariq Delwani")
    assert registry(tmp_path / "names", [usual], [other]) == {}
    assert registry(tmp_path / "names", [usual], [other]) == {}
    assert registry(tmp_path / "names", [usual], [other], [usual]) != {}


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names"
    path.write_text("no database, but long enough to be read as one" * 99, encoding="utf-8")
    with pytest.raises(OptionsError, match="names registry"):
        Registry(path)


DOCUMENTS = [
    "We met Tariq Delvani. Later Delvani left.",
    "The judges praised Tariq Delvani.",
    "People know Tariq Delwani. The press liked Delwani.",
    "The actor Mohamed Hassan won a prize.",
    "They say that Mohamed Hassan sings.",
    "The thief Muhammad Hasan was held in Dorven, and Hasan said nothing.",
    "Omar Tariq Delwani is another man.",
]


def run(tmp_path: Path, *more: str) -> tuple[int, list[str]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in (*DOCUMENTS, 7)), encoding="utf-8")
    code = main(
        [
            "batch",
            str(source),
            str(target),
            "--no-regenerate",
            "--names-registry",
            str(tmp_path / "names.sqlite"),
            *more,
        ]
    )
    return code, [json.loads(line)["text"] for line in target.read_text(encoding="utf-8").splitlines()]


def test_one_spelling_over_a_corpus(tmp_path: Path) -> None:
    code, texts = run(tmp_path)
    assert code == 3  # the number among the texts is left alone, and told
    assert texts == [*DOCUMENTS[:2], "People know Tariq Delvani. The press liked Delvani.", *DOCUMENTS[3:], 7]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    assert run(tmp_path, "--workers", "2")[1] == texts  # the registry knows the documents


def test_new_documents_are_added(tmp_path: Path) -> None:
    path = str(tmp_path / "names.sqlite")
    old, new, out = (str(tmp_path / name) for name in ("old.jsonl", "new.jsonl", "out.jsonl"))
    Path(old).write_text("".join(json.dumps({"text": text}) + "\n" for text in DOCUMENTS[:2]), encoding="utf-8")
    Path(new).write_text(json.dumps({"text": DOCUMENTS[2]}) + "\n", encoding="utf-8")
    for source in (old, new):
        assert main(["batch", source, out, "--no-regenerate", "--names-registry", path]) == 0
    assert "Tariq Delvani" in Path(out).read_text(encoding="utf-8")


def test_a_gazetteer_goes_before_the_registry(tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("canonical,variants\nTariq Delwani,Tariq Delvani\n", encoding="utf-8")
    assert run(tmp_path, "--gazetteer", str(known))[1][1] == "The judges praised Tariq Delwani."


def test_standard_input_cannot_be_read_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["batch", "-", "-", "--format", "text", "--names-registry", str(tmp_path / "new.sqlite")])
    assert code == 2
    assert "two passes" in capsys.readouterr().err
