"""The XML inside office files: parsed without entities or network, elements asked for by local name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from extract.read.refusal import refusal

# Elements that only wrap others, and elements whose text is not part of the page.
_WRAPPERS = frozenset(
    ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple", "AlternateContent", "Choice", "dir", "bdo")
)
_UNSEEN = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr"))


def parse(xml: bytes, kind: str) -> etree._Element:
    """Parse XML; the parser's own bounds on depth and text stay on. Raises UnreadableFile naming `kind` for broken XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise refusal("truncated", kind=kind) from error


@lru_cache(maxsize=1 << 12)
def _local_name(name: str) -> str:
    return etree.QName(name).localname


def name(element: etree._Element) -> str:
    """Return the name without namespace: strict and transitional files differ in theirs. Entities have none."""
    tag = element.tag
    return _local_name(tag) if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, wanted: str) -> str | None:
    """Return an attribute, whatever its namespace."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if _local_name(key) == wanted), None)


def number(text: str | None, otherwise: int = 0) -> int:
    """Return a non-negative count as an attribute gives it."""
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise


def inside(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children of an element that can be seen, looking through wrappers."""
    for child in element:
        if name(child) in _WRAPPERS:
            yield from inside(child)
        elif name(child) and name(child) not in _UNSEEN:
            yield child


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of names, None where the path breaks off."""
    for step in path:
        if element is None:
            return None
        element = next((found for found in element if name(found) == step), None)
    return element


def children(element: etree._Element | None, wanted: str) -> list[etree._Element]:
    """Return the children of that name."""
    return [] if element is None else [found for found in element if name(found) == wanted]
