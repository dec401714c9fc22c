"""Corpora: rows are read, repaired by an engine, and written in their order.

read (sources.py; lines.py, jsonl.py, tables.py, parquet.py) → engine (chunks.py, job.py, engine.py)
→ write (corpus.py; encoders.py, output.py, journal.py, summary.py)
"""
