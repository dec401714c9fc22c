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


def registry(path: Path, *documents: list[Entity]) -> dict[str, tuple[str, ...]]:
    with Registry(path) as names:
        for document in documents:
            names.add(document)
        return names.gazetteer()


def test_most_documents_decide_then_most_mentions(tmp_path: Path) -> None:
    usual, other = entity("Tariq Delvani"), entity("Tarik Delwani", 5)
    assert registry(tmp_path / "a", [usual], [usual], [other]) == {"Tariq Delvani": ("Tarik Delwani",)}
    assert registry(tmp_path / "b", [usual], [other]) == {"Tarik Delwani": ("Tariq Delvani",)}


@pytest.mark.parametrize("pair", ["Tariq Delvani/Anna Delvani", "Peter Petrenkov/Peter Petrenkova", "Delvani/Delwani"])
def test_other_names_and_bare_ones_are_left(tmp_path: Path, pair: str) -> None:
    assert registry(tmp_path / "names", *([entity(name)] for name in pair.split("/"))) == {}


def test_counts_stay_in_the_file(tmp_path: Path) -> None:
    assert registry(tmp_path / "names", [entity("Tariq Delvani")]) == {}
    assert registry(tmp_path / "names", [entity("Tariq Delwani")], [entity("Tariq Delwani")]) == {
        "Tariq Delwani": ("Tariq Delvani",)
    }


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names"
    path.write_text("no database, but long enough to be read as one" * 99, encoding="utf-8")
    with pytest.raises(OptionsError, match="names registry"):
        Registry(path)


DOCUMENTS = [
    "We met Tariq Delvani. Later Delvani left.",
    "The judges praised Tariq Delvani.",
    "People know Tarik Delwani. The press liked Delwani.",
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
    assert texts == [*DOCUMENTS[:2], "People know Tariq Delvani. The press liked Delvani.", 7]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    assert run(tmp_path, "--workers", "2")[1] == texts  # the registry is there: it is applied, not filled again


def test_a_gazetteer_goes_before_the_registry(tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("canonical,variants\nTarik Delwani,Tariq Delvani\n", encoding="utf-8")
    assert run(tmp_path, "--gazetteer", str(known))[1][1] == "The judges praised Tarik Delwani."


def test_standard_input_cannot_be_read_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["batch", "-", "-", "--format", "text", "--names-registry", str(tmp_path / "new.sqlite")])
    assert code == 2
    assert "two passes" in capsys.readouterr().err
