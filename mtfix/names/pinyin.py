"""Chinese names: which pinyin a spelling can stand for, be it pinyin or Wade-Giles.

Two syllables of pinyin that differ are two names, however alike they look; Deng and Teng are one name in two systems.
The apostrophes of Wade-Giles are mostly left out (Teng for T'eng and for Teng), so that one spelling has several
readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from mtfix.names.lexicon import lexicon

#: The finals of each initial, "-" for none.
_FINALS = """
b a o ai ei ao an en ang eng i ie iao ian in ing u
p a o ai ei ao ou an en ang eng i ie iao ian in ing u
m a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u
f a o ei ou an en ang eng u
d a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un
t a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un
n a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan ue
l a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un ue
g a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang
k a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang
h a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang
j i ia ie iao iu ian in iang ing iong u ue uan un
q i ia ie iao iu ian in iang ing iong u ue uan un
x i ia ie iao iu ian in iang ing iong u ue uan un
zh a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang
ch a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang
sh a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang
r e ao ou an en ang eng ong i u uo ui uan un
z a e ai ei ao ou an en ang eng ong i u uo ui uan un
c a e ai ao ou an en ang eng ong i u uo ui uan un
s a e ai ao ou an en ang eng ong i u uo ui uan un
y a e ao ou an ang i in ing ong u ue uan un
w a o ai ei an en ang eng u
- a e ai ei ao ou an en ang er
"""
#: What pinyin is in Wade-Giles where it is another: initials, finals, and whole syllables.
_WADE_INITIALS = dict(pair.split("/") for pair in "b/p d/t g/k j/ch q/ch x/hs zh/ch z/ts c/ts r/j".split())
_WADE_FINALS = dict(pair.split("/") for pair in "ie/ieh ian/ien ong/ung iong/iung ue/ueh er/erh".split())
_WADE_WHOLE = dict(
    pair.split("/")
    for pair in "ye/yeh yan/yen you/yu yong/yung yue/yueh gui/kuei kui/kuei "
    "zi/tzu ci/tzu si/ssu zhi/chih chi/chih shi/shih ri/jih".split()
)
_LONGEST = 6  # letters of a syllable
_MOST = 64  # readings of a name


@lru_cache(maxsize=65536)
def is_pinyin(name: str) -> bool:
    """Whether a folded token is a run of syllables of pinyin."""
    pinyin, _ = _tables()
    ends = {0}
    for start in range(len(name)):
        if start in ends:
            ends |= {end for end in range(start + 1, start + _LONGEST + 1) if name[start:end] in pinyin}
    return bool(name) and len(name) in ends


@lru_cache(maxsize=65536)
def readings(full_name: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Return for the folded tokens of a full name what each can be in pinyin, or () if it is no Chinese name.

    A name is read as Wade-Giles only if it is no Chinese name in pinyin. It begins with one of the usual surnames.
    """
    if len(full_name) < 2:
        return ()
    surnames = lexicon().chinese
    if full_name[0] in surnames and all(map(is_pinyin, full_name)):
        return tuple([frozenset((token,)) for token in full_name])
    found = tuple(map(_from_wade, full_name))
    return found if all(found) and found[0] & surnames else ()


def one_in_pinyin(full_names: Mapping[tuple[str, ...], int]) -> dict[str, str]:
    """Return for tokens of Chinese names that are written in two systems what they are in the more usual one.

    full_names: the folded tokens of full names in order of first mention, with how often each stands in the document.
    A name is changed as a whole or not at all, and not if one of its tokens is also another's.
    """
    chosen: dict[str, str] = {}
    usual: list[tuple[str, ...]] = []
    for name in sorted(filter(readings, full_names), key=lambda name: -full_names[name]):
        known = next((other for other in usual if _read_alike(name, other)), None)
        if known is None:
            usual.append(name)
        elif all(chosen.get(old, new) == new for old, new in zip(name, known, strict=True)):
            chosen |= {old: new for old, new in zip(name, known, strict=True) if old != new}
    others = {token for name in full_names if not any(token in chosen for token in name) for token in name}
    kept = {token for name in usual for token in name if token in chosen}
    return {old: new for old, new in chosen.items() if old not in others | kept}


def _read_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) == len(other) and all(x & y for x, y in zip(readings(one), readings(other), strict=True))


@cache
def _tables() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the syllables of pinyin, and those of Wade-Giles with what they are in pinyin."""
    pinyin: set[str] = set()
    wade: dict[str, set[str]] = {}
    for line in _FINALS.strip().splitlines():
        initial, *finals = line.replace("-", "").split() if line[0] != "-" else ["", *line.split()[1:]]
        for final in finals:
            pinyin.add(initial + final)
            wade.setdefault(_in_wade(initial, final), set()).add(initial + final)
    wade.setdefault("lee", set()).add("li")
    return frozenset(pinyin), {syllable: frozenset(found) for syllable, found in wade.items()}


def _in_wade(initial: str, final: str) -> str:
    whole = initial + final
    if whole in _WADE_WHOLE:
        return _WADE_WHOLE[whole]
    final = _WADE_FINALS.get(final, final)
    if (final == "e" and initial in ("g", "k", "h")) or (final == "uo" and initial not in ("g", "k", "h", "sh")):
        final = "o"
    return _WADE_INITIALS.get(initial, initial) + final


@lru_cache(maxsize=65536)
def _from_wade(name: str) -> frozenset[str]:
    _, wade = _tables()
    found: dict[int, set[str]] = {0: {""}}
    for start in range(len(name)):
        for end in range(start + 1, min(len(name), start + _LONGEST) + 1):
            for head in found.get(start, ()):
                for reading in wade.get(name[start:end], ()):
                    if len(found.setdefault(end, set())) < _MOST:
                        found[end].add(head + reading)
    return frozenset(found.get(len(name), ())) if name else frozenset()
