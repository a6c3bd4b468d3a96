"""English names of divisions: pinyin with the English word for the kind. Used when the gazetteer is made."""

from __future__ import annotations

from pathlib import Path

from pypinyin import Style, lazy_pinyin

ETHNIC_GROUPS = (Path(__file__).parent / "ethnic_groups.txt").read_text("utf-8").split()
# The word that ends a name → its English word, by which the rest is set in pinyin. Longest first.
ENGLISH_KINDS = (
    ("特别行政区", "Special Administrative Region"),
    ("自治区", "Autonomous Region"),
    ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"),
    ("自治旗", "Autonomous Banner"),
    ("地区", "Prefecture"),
    ("新区", "New Area"),
    ("回族区", "Hui District"),
    ("达斡尔族区", "Daur District"),
    ("矿区", "Mining District"),
    ("特区", "Special District"),
    ("省", "Province"),
    ("盟", "League"),
    ("旗", "Banner"),
    ("市", "City"),
    ("县", "County"),
    ("区", "District"),
)


def english_name(name: str, english: dict[str, str], readings: dict[str, str]) -> str:
    """Return the name in pinyin with the English word for its kind: 南沙区 → Nansha District, 和县 → He County."""
    kind, word = next((pair for pair in ENGLISH_KINDS if name.endswith(pair[0])), ("", ""))
    stem = name.removesuffix(kind)
    if len(stem) < 2 and kind not in ("省", "市", "县", "区", "旗", "盟"):
        kind, word = kind[-1], dict(ENGLISH_KINDS)[kind[-1]]
        stem = name.removesuffix(kind)
    groups = []
    while kind.startswith("自治") and stem not in english:
        group = next((g for g in ETHNIC_GROUPS if stem.endswith(g) and stem != g), None)
        if group is None:
            break
        stem, groups = stem.removesuffix(group), [group, *groups]
    spoken = [english.get(name, english.get(stem)) or pinyin(stem, readings)]
    spoken += [english.get(g.removesuffix("族")) or pinyin(g.removesuffix("族"), readings) for g in groups]
    return " ".join(part for part in (*spoken, word) if part)


def pinyin(text: str, readings: dict[str, str]) -> str:
    """Return the syllables of a name as one capitalised word, with the apostrophe that the rules want before a vowel."""
    joined = ""
    for character, spoken in zip(text, lazy_pinyin(text, style=Style.NORMAL, v_to_u=True), strict=True):
        syllable = readings.get(character, spoken)
        joined += ("'" if joined and syllable[0] in "aoe" else "") + syllable
    return joined.capitalize()
