"""Runs that measure: quality.py and speed.py, each one command; results with their conditions in results/."""
