"""Marked spans → candidates → scores."""
