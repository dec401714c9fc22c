"""CTranslate2's weights file → the tensors in it, so that a model is stored once for both backends."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
_VERSION = 6

Tensors = dict[str, npt.NDArray[np.float32]]


def read_tensors(path: Path) -> Tensors:
    """Return the tensors of a model.bin by name, int8 matrices multiplied out by their scales.

    Raises ValueError when the file is not of the version that mtfix writes.
    """
    with path.open("rb") as file:
        (version,) = struct.unpack("<I", file.read(4))
        if version != _VERSION:
            raise ValueError(f"{path} is of version {version} of CTranslate2's format, not {_VERSION}")
        _name(file)
        file.read(4)
        (count,) = struct.unpack("<I", file.read(4))
        stored = dict(_tensor(file) for _ in range(count))
        (aliases,) = struct.unpack("<I", file.read(4))
        stored |= {_name(file): stored[_name(file)] for _ in range(aliases)}
    return {
        name: _multiplied_out(name, tensor, stored)
        for name, tensor in stored.items()
        if not name.endswith("_scale") and tensor.ndim
    }


def _name(file: BinaryIO) -> str:
    (length,) = struct.unpack("<H", file.read(2))
    return file.read(length)[:-1].decode("utf-8")


def _tensor(file: BinaryIO) -> tuple[str, npt.NDArray[np.generic]]:
    name = _name(file)
    rank = file.read(1)[0]
    shape = struct.unpack(f"<{rank}I", file.read(4 * rank))
    kind = _TYPES[file.read(1)[0]]
    (size,) = struct.unpack("<I", file.read(4))
    return name, np.frombuffer(file.read(size), kind).reshape(shape)


def _multiplied_out(
    name: str, tensor: npt.NDArray[np.generic], stored: dict[str, npt.NDArray[np.generic]]
) -> npt.NDArray[np.float32]:
    values = tensor.astype(np.float32)
    scale = stored.get(name + "_scale")
    return values if scale is None else values / scale.astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
