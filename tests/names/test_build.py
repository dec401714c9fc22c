from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mtfix.cli import main
from mtfix.names import NamesPass, load_names
from mtfix.result import Edit, replay
from mtfix.segment import segment


def person(name: str, articles: int, *aliases: str, kind: str = "Q5") -> dict[str, Any]:
    return {
        "labels": {"en": {"value": name}},
        "aliases": {"en": [{"value": alias} for alias in aliases]},
        "claims": {"P31": [{"mainsnak": {"datavalue": {"value": {"id": kind}}}}]},
        "sitelinks": {f"w{number}": {} for number in range(articles)},
    }


def dump(path: Path, *entities: dict[str, Any]) -> Path:
    lines = ["[", *(json.dumps(entity) + "," for entity in entities), "]"]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return path


def built(path: Path, *options: str) -> dict[str, tuple[str, ...]]:
    out = path.with_name("out.csv")
    assert main(["names", "build-gazetteer", str(path), str(out), *options]) == 0
    return load_names(out, "gazetteer")


def test_a_dump_becomes_a_gazetteer_that_respells(tmp_path: Path) -> None:
    path = dump(
        tmp_path / "dump.json.gz",
        person("Tariq al-Hamzawi", 40, "Tarek El-Hamzaoui", "the Lion of Bandar"),
        person("Bandar", 90),
        person("Bandar University", 50, kind="Q3918"),
    )
    names = built(path)
    assert names == {"Tariq al-Hamzawi": ("Tarek El-Hamzaoui",)}
    text = "In May Tarek El-Hamzaoui spoke."
    edits = [item for item in NamesPass({}, names)(segment(text))[1] if isinstance(item, Edit)]
    assert replay(text, edits) == "In May Tariq al-Hamzawi spoke."


def test_of_two_people_of_one_sound_only_the_far_better_known_stays(tmp_path: Path) -> None:
    two = (person("Tariq Hamdani", 30), person("Tarek Hamdany", 2))
    assert list(built(dump(tmp_path / "dump.json.gz", *two))) == ["Tariq Hamdani"]
    two = (person("Tariq Hamdani", 30), person("Tarek Hamdany", 20), person("Nadir Qasmi", 3))
    assert list(built(dump(tmp_path / "dump.json.gz", *two))) == ["Nadir Qasmi"]


def test_a_table_with_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "names.csv"
    path.write_text("canonical,variants,count\nTariq Hamzawi,Tarek Hamzaoui,12\nNadir Qasmi,,2\n")
    assert built(path, "--least", "5") == {"Tariq Hamzawi": ("Tarek Hamzaoui",)}
    told = capsys.readouterr().err
    assert "1 name in" in told
    assert "names less known than asked: 1" in told


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("names.txt", "Tariq Hamzawi", "unknown kind of file"),
        ("names.csv", "name\nTariq Hamzawi\n", "line 1: no columns canonical, variants"),
        ("n.csv", "canonical,variants,count\nTariq Hamzawi,,²\n", "line 2: the count '²' is no whole number"),
        ("n.csv", "canonical,variants\n,B\n", "line 2: no canonical name"),
        ("n.csv", "canonical,variants\nA,B,C\n", "line 2: more cells than columns"),
        ("n.csv", "canonical,variants\nA," + "b" * 140000 + "\n", "after line 1 can't be read"),
        ("n.jsonl", '{"canonical": "A B", "variants": "C"}', "line 1: the variants of 'A B'"),
        (
            "dump.json",
            '{"labels": 3}\nnot JSON\n',
            "no name is left for a gazetteer; left out: lines that are no Wikidata entity: 2",
        ),
    ],
)
def test_what_cannot_be_used_is_told(
    name: str, content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content)
    assert main(["names", "build-gazetteer", str(tmp_path / name), str(tmp_path / "out.csv")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_damaged_dump_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dump(tmp_path / "dump.json.gz", person("Tariq Hamzawi", 40))
    path.write_bytes(path.read_bytes()[:-20])
    assert main(["names", "build-gazetteer", str(path), str(tmp_path / "out.csv")]) == 2
    assert "dump.json.gz: damaged" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_gazetteer_is_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dump(tmp_path / "dump.json.gz", person("Tariq Hamzawi", 40))
    assert main(["names", "build-gazetteer", str(path), str(tmp_path / "out.json")]) == 2
    assert "name it .csv" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_places_organizations_and_labels_of_all_languages(tmp_path: Path) -> None:
    place = person("Bandar", 90, "Bander", kind="Q515")
    place["claims"]["P1082"] = []
    organization = person("Tariq Hamdani", 30, kind="Q43229")
    organization["claims"]["P159"] = []
    organization["labels"] = {"mul": {"value": "Bandar Herald"}}
    assert built(dump(tmp_path / "dump.json.gz", place, organization)) == {"Bandar": ("Bander",), "Bandar Herald": ()}


def test_a_glossary_in_lines(tmp_path: Path) -> None:
    path = tmp_path / "names.jsonl"
    path.write_text('{"canonical": "Tariq Hamzawi", "variants": ["Tarek Hamzaoui"], "count": 3}\n')
    assert built(path) == {"Tariq Hamzawi": ("Tarek Hamzaoui",)}
