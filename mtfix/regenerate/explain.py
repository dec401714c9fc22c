"""What kind of change a candidate makes, in MQM terms and in words."""

from __future__ import annotations

from mtfix.document import tokenize

_FUNCTION = frozenset(
    "a an the of in on at to for from by with about into over under during through between against among after "
    "before until since within and or but that which who whom this these those it its is was are were be been "
    "has have had as than so such not".split()
)


def explain(original: str, replacement: str) -> tuple[str, str]:
    """Return the MQM issue type of a change, and a sentence that says what it does."""
    old = [token.text for token in tokenize(original)]
    new = [token.text for token in tokenize(replacement)]
    lower_old, lower_new = [w.lower() for w in old], [w.lower() for w in new]
    quoted, put = f"“{' '.join(original.split())}”", f"“{' '.join(replacement.split())}”"
    if lower_old == lower_new:
        return "spelling", f"{quoted} is written {put}."
    if sorted(lower_old) == sorted(lower_new):
        return "word-order", f"English orders this {put}."
    if not any(w.isalnum() for w in set(lower_old) ^ set(lower_new)):
        return "punctuation", f"The punctuation of {quoted} is not what English expects: {put}."
    if not new or all(w in lower_old for w in lower_new):
        return "addition", f"Words in {quoted} are superfluous." if new else f"{quoted} is superfluous."
    if all(w in lower_new for w in lower_old):
        return "omission", f"A word is missing in {quoted}: {put}."
    if _FUNCTION.issuperset(set(lower_old) ^ set(lower_new)):
        return "grammar", f"The small words of {quoted} are not those that English uses here: {put}."
    if len(old) == len(new) and all(a[:3] == b[:3] for a, b in zip(lower_old, lower_new, strict=True)):
        return "agreement", f"The form of {quoted} does not fit the sentence: {put}."
    return "unidiomatic", f"{quoted} is not how English puts it: {put}."
