"""Repairs made readable: a diff for the terminal and a page for the browser."""

from mtfix.report.page import html_page
from mtfix.report.terminal import diff

__all__ = ["diff", "html_page"]
