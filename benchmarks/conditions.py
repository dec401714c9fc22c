"""What a figure was measured under."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path

import ctranslate2

from mtfix import __version__


def conditions() -> str:
    """Return one line: version, date, processor, VNNI or not (int8 rounds otherwise), cores, Python, CTranslate2."""
    cpu = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        text = info.read_text()
        names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
        cpu = f"{names[0] if names else cpu} {'with' if 'vnni' in text else 'without'} VNNI"
    return (
        f"mtfix {__version__}, {datetime.date.today()}, {cpu}, {os.cpu_count()} cores (shared), "
        f"Python {platform.python_version()}, CTranslate2 {ctranslate2.__version__}"
    )


def write(name: str, lines: list[str]) -> None:
    """Print a result and keep it as benchmarks/results/NAME.md."""
    text = "\n".join([*lines, "", f"Conditions: {conditions()}.", ""])
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
