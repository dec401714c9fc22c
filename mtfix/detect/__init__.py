"""Detectors: each takes a document and yields issues and edits."""

from mtfix.detect.fragments import fragments
from mtfix.detect.phrasebook import phrasebooks
from mtfix.detect.rules import RuleDetector

__all__ = ["RuleDetector", "fragments", "phrasebooks"]
