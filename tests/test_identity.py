"""Who reports, about which year, when and in what sort of document."""

from pathlib import Path

import pytest
import yaml

from extract.identity import identify
from extract.model import CatalogueEntry, Document, RepairedDocument, Text

HEADS = yaml.load((Path(__file__).parent / "identity" / "heads.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def document(text: str, properties: tuple[tuple[str, str], ...] = ()) -> RepairedDocument:
    """A clean simplified text as the repair hands it over."""
    lines = tuple(text.split("\n"))
    source = Document("text/plain", "utf-8", lines, properties=properties)
    return RepairedDocument(source, tuple(Text(line, line) for line in lines), (), lines, "hans", ())


def identity(text: str, properties: tuple[tuple[str, str], ...] = (), url: str | None = None):
    return identify(document(text, properties), CatalogueEntry("a.txt", url=url))


@pytest.mark.parametrize("head", HEADS, ids=[h["text"].split("\n")[0][:40] for h in HEADS])
def test_who_reports_about_which_year(head):
    found = identity(head["text"])
    assert found.year == head["year"]
    if head["agency"] is None:
        assert found.agency is None
        assert found.problems
        return
    agency = found.agency
    assert agency is not None, found.problems
    expected = (head["agency"], head["id"], head["type"], head["level"])
    assert (agency.name, agency.agency_id, agency.agency_type, agency.level) == expected
    assert agency.region_id == head["id"] or head["id"].startswith(agency.region_id + "-")
