"""Pairs and noise → tokenizer → training → export: how the weights under models/ are made."""
