from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix.names import load_names
from mtfix.options import OptionsError

NAMES = {"al-Delvani": ("Delwani", "Dilvani"), "Port Amber": ()}


def test_a_mapping_is_taken_as_it_is() -> None:
    assert load_names({"al-Delvani": ["Delwani", "Dilvani"], "Port Amber": []}, "glossary") == NAMES


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("n.json", '{"al-Delvani": ["Delwani", "Dilvani"], "Port Amber": []}'),
        (
            "n.jsonl",
            '{"canonical": "al-Delvani", "variants": ["Delwani", "Dilvani"]}\n\n{"canonical": "Port Amber"}\n',
        ),
        ("n.csv", "canonical,variants\nal-Delvani,Delwani|Dilvani\nPort Amber,\n"),
        ("n.tsv", "canonical\tvariants\nal-Delvani\tDelwani|Dilvani\nPort Amber\t\n"),
        ("n.yaml", "al-Delvani: [Delwani, Dilvani]\nPort Amber:\n"),
    ],
)
def test_every_kind_of_file_says_the_same(tmp_path: Path, file: str, content: str) -> None:
    path = tmp_path / file
    path.write_text("\ufeff" + content, encoding="utf-8")
    assert load_names(path, "glossary") == NAMES
    assert load_names(str(path), "glossary") == NAMES


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("n.json", '{"a": [\n', "line 2"),
        ("n.json", '["a"]', "mapping"),
        ("n.json", '"a"', "mapping"),
        ("n.json", '{"A": ["B"],\n "C": ["B"]}', "line 2"),
        ("n.json", '{"A": ["B"],\n "A": ["D"],\n "B": []}', "line 1"),
        ("n.json", '{"A": ["B"],\n "B": ["A"]}', "line 1"),
        ("n.yaml", "A: [B]\nC: [D]\nE: [B]\n", "line 3"),
        ("n.yaml", "A: [B]\nB: [A]\n", "line 1"),
        ("n.yaml", "A: [B]\n' ': [C]\n", "line 2"),
        ("n.yaml", "- A\n", "mapping"),
        ("n.csv", "canonical,variants\nA,B\nC,B\n", "line 3"),
        ("n.jsonl", '{"canonical": "A", "variants": ["B"]}\n{"canonical": "C", "variants": ["B"]}\n', "line 2"),
        ("n.json", '{"A": "B"}', "list of strings"),
        ("n.json", '{"A": ["B"], "C": ["B"]}', "keep one"),
        ("n.json", '{"A": ["B"], "B": ["C"]}', "keep one"),
        ("n.jsonl", '{"canonical": "A"}\n{"name": "B"}\n', "line 2"),
        ("n.jsonl", '{"canonical": "A"}\n{', "line 2"),
        ("n.csv", "name,variants\nA,B\n", "canonical, variants"),
        ("n.csv", "canonical,variants\nA,B\nC,D,E\n", "line 3"),
        ("n.tsv", "canonical\tvariants\n\tB\n", "line 2"),
        ("n.yaml", "A: [B\n", "line"),
        ("n.yaml", "1: [B]\n", "not a name"),
        ("n.txt", "A", "unknown kind"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(tmp_path: Path, file: str, content: str, says: str) -> None:
    path = tmp_path / file
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OptionsError) as error:
        load_names(path, "gazetteer")
    message = str(error.value)
    assert says in message
    assert file in message
    assert "\n" not in message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="cannot be read"):
        load_names(tmp_path / "none.json", "glossary")


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    path.write_text(json.dumps({name: list(variants) for name, variants in NAMES.items()}), encoding="utf-8")
    assert load_names(path, "glossary") == NAMES
