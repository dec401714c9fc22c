"""The files of a run, looked at before anything is done: none has two uses, and all that are written can be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from mtfix.batch.sources import File
from mtfix.files import InputError

Uses = Iterable[tuple[str, str]]  # what a file is, such as "OUT" or "--report", with its name


def check_places(files: Sequence[File], read: Uses, written: Uses, makes_folders: bool = False) -> None:
    """Raise InputError when a file that will be written has another use too, or can't be written.

    read, written: the files beside the inputs and outputs. makes_folders: the outputs lie in a folder that grows as
    they need it. One input may be its own output.
    """
    uses = {_real(file.source): "IN" for file in files if file.source != "-"}
    uses |= {_real(name): use for use, name in read}
    if len(files) == 1 and uses.get(_real(files[0].target)) == "IN":
        del uses[_real(files[0].target)]
    for use, name in [*(("OUT", file.target) for file in files), *written]:
        if _is_device(name):
            continue
        place = _real(name)
        other = uses.get(place)
        if (other, use) == ("IN", "OUT"):
            raise InputError(f"{name}: several files can't be repaired in place; name another folder")
        if (other, use) == ("OUT", "OUT"):
            raise InputError(f"{name}: two inputs would come out under this name; rename one of them")
        if other:
            raise InputError(f"{name}: this is {other}, it can't be {use} too; name another file")
        uses[place] = use
        if name != "-":
            check_place(name, grows=makes_folders and use == "OUT")


def check_place(name: str, grows: bool = False) -> None:
    """Raise InputError when a file can't be written under this name. grows: the folders over it are made."""
    place = Path(_real(name))
    folder = place.parent
    while grows and not folder.exists():
        folder = folder.parent
    if place.is_dir():
        problem = "this is a directory"
    elif not folder.is_dir():
        problem = f"{folder} is no folder"
    elif not os.access(folder, os.W_OK | os.X_OK):
        problem = f"nothing may be written in {folder}"
    else:
        return
    raise InputError(f"{name}: can't be written ({problem}); choose another place")


def _real(name: str) -> str:
    return name if name == "-" else os.path.realpath(name)


def _is_device(name: str) -> bool:
    return name != "-" and Path(name).exists() and not Path(name).is_file() and not Path(name).is_dir()
