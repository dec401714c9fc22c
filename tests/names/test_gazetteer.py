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
        ("n.csv", "\n Canonical ,Variants\nal-Delvani,Delwani|Dilvani\n\nPort Amber,\n"),
        ("n.yaml", "al-Delvani: [Delwani, Dilvani]\nPort Amber:\n"),
        ("n.yaml", "- {canonical: al-Delvani, variants: [Delwani, Dilvani]}\n- canonical: Port Amber\n"),
        ("n.json", '[{"canonical": "al-Delvani", "variants": ["Delwani", "Dilvani"]}, {"canonical": "Port Amber"}]'),
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
        ("n.json", '["a"]', "canonical"),
        ("n.json", '"a"', "mapping"),
        ("n.json", '{"A": ["B"],\n "C": ["B"]}', "line 2"),
        ("n.json", '{"A": ["B"],\n "A": ["D"],\n "B": []}', "line 1"),
        ("n.json", '{"A": ["B"],\n "B": ["A"]}', "line 1"),
        ("n.yaml", "A: [B]\nC: [D]\nE: [B]\n", "line 3"),
        ("n.yaml", "A: [B]\nB: [A]\n", "line 1"),
        ("n.yaml", "A: [B]\n' ': [C]\n", "line 2"),
        ("n.yaml", "- A\n", "canonical"),
        ("n.yaml", "!!python/object:os.system {}", "not a mapping"),
        ("n.yaml", "a: " + "[" * 5000, "nested too deeply"),
        ("n.yaml", "A: [B]\n2020-13-40: [C]\n", "line 2"),
        ("n.json", '{"a": ' + "[" * 100_000, "nested too deeply"),
        ("n.jsonl", '{"canonical": "A"}\n' + "[" * 100_000, "line 2"),
        ("n.csv", 'canonical,variants\nA,B\nC,"D\nE,F\n', "line 3"),
        ("n.csv", f"canonical,variants\nA,B\nC,{'D' * 140_000}\n", "line 3"),
        ("n.csv", "canonical,variants\nA,B\nC\n", "line 3: fewer cells"),
        ("n.csv", "canonical,variants\nA,B;C\n", "line 2: variants that are separated by ;"),
        ("n.csv", "canonical;variants\nA;B\n", "line 1: columns are separated by semicolons"),
        ("n.csv", "\n\nname,variants\nA,B\n", "line 3: no columns"),
        ("n.csv", "canonical,variants\nTamar,Al-Delwani\nOmar,al-Delwani\n", "line 3"),
        ("n.yaml", "A: [al-Delwani]\nAl-Delwani: [C]\n", "keep one"),
        ("n.yaml", "Al-Delwani: [C]\nal-Delwani: [D]\n", "line 2"),
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


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("canonical,variants\nA,B\nJosé,C\n".encode("latin-1"), "line 3"),
        ("canonical,variants\nA,B\n".encode("utf-16"), "line 1"),
        ("canonical,variants\nA,B\n".encode("utf-16-le"), "line 1"),
    ],
)
def test_another_encoding_is_told_with_its_line(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "n.csv"
    path.write_bytes(content)
    with pytest.raises(OptionsError, match=f"n.csv, {line}: not UTF-8"):
        load_names(path, "glossary")


def test_an_entry_that_lists_only_itself_is_no_term(tmp_path: Path) -> None:
    assert load_names({"Port Amber": ["Port Amber"]}, "glossary") == {"Port Amber": ("Port Amber",)}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="cannot be read"):
        load_names(tmp_path / "none.json", "glossary")


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    path.write_text(json.dumps({name: list(variants) for name, variants in NAMES.items()}), encoding="utf-8")
    assert load_names(path, "glossary") == NAMES
