"""Arrow values → Python values that JSON knows how to show, without pandas and whatever the values are."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}  # of a second's fraction


def plain_value(pa: Any, scalar: Any, keeps_bytes: bool = False) -> Any:
    """Return a pyarrow scalar as a Python value.

    Dates, times and durations become text as in ISO 8601, with all their digits, and moments with a time zone are told
    in UTC; maps become pairs. Text that isn't UTF-8 raises UnicodeDecodeError, or with `keeps_bytes` becomes
    `{"base64": …}`.
    """
    if not scalar.is_valid:
        return None
    kind, types = scalar.type, pa.types
    if isinstance(kind, pa.BaseExtensionType) or types.is_dictionary(kind):
        return plain_value(pa, scalar.value, keeps_bytes)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _text(scalar.as_buffer().to_pybytes(), keeps_bytes)
    if types.is_map(kind):
        return [[plain_value(pa, pair[place], keeps_bytes) for place in (0, 1)] for pair in scalar.values]
    if types.is_nested(kind) and not types.is_struct(kind):
        return [plain_value(pa, value, keeps_bytes) for value in scalar.values]
    if types.is_struct(kind):
        names = [kind.field(place).name for place in range(kind.num_fields)]
        values = [plain_value(pa, scalar[place], keeps_bytes) for place in range(kind.num_fields)]
        pairs = list(zip(names, values, strict=True))
        return dict(pairs) if len(set(names)) == len(names) else pairs
    if types.is_timestamp(kind):
        return str(np.datetime64(scalar.value, kind.unit)) + ("+00:00" if kind.tz else "")
    if types.is_date(kind):
        return str(np.datetime64(scalar.value, "ms" if types.is_date64(kind) else "D").astype("datetime64[D]"))
    if types.is_time(kind):
        return str(np.datetime64(scalar.value, kind.unit)).partition("T")[2]
    if types.is_duration(kind):
        return _duration(scalar.value, _DIGITS[kind.unit])
    return float(scalar.as_py()) if types.is_float16(kind) else scalar.as_py()


def _text(data: bytes, keeps_bytes: bool) -> Any:
    try:
        return data.decode()
    except UnicodeDecodeError:
        if not keeps_bytes:
            raise
        return {"base64": base64.b64encode(data).decode()}


def _duration(value: int, digits: int) -> str:
    seconds, fraction = divmod(abs(value), 10**digits)
    return f"{'-' * (value < 0)}PT{seconds}" + (f".{fraction:0{digits}}" if digits else "") + "S"
