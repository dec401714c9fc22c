"""mtfix repairs machine-translated English and changes nothing else."""

from __future__ import annotations

__version__ = "0.1.0"
