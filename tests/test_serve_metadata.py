"""What Datasette is told: complete, repeated where it must be, and refused where something is missing."""

from __future__ import annotations

import copy
import sqlite3

import pytest
import yaml
from serve_small_database import SmallDatabase

from publish.metadata import OWN_METADATA, MetadataError, datasette_metadata, shown_tables
from publish.schema import load_schema


@pytest.fixture
def own() -> dict:
    return copy.deepcopy(yaml.load(OWN_METADATA.read_text("utf-8"), yaml.CSafeLoader))


@pytest.fixture
def shown() -> dict[str, tuple[str, ...]]:
    return {table.name: table.column_names for table in load_schema().tables}


def test_licence_and_source_stand_on_the_database_and_on_every_table(own, shown):
    database = datasette_metadata(own, load_schema(), shown)["databases"]["gongkai"]
    for entry in (database, *database["tables"].values()):
        assert entry["license"] == "CC BY 4.0" and entry["license_url"] and entry["source"] and entry["source_url"]


def test_texts_are_in_both_languages(own, shown):
    told = datasette_metadata(own, load_schema(), shown)["databases"]["gongkai"]["tables"]["reports"]
    texts = load_schema().table("reports").texts
    assert told["title"] == f"{texts.title} / {texts.title_en}"
    assert texts.description in told["description"] and texts.description_en in told["description"]
    assert told["label_column"] == "title" and told["fts_table"] == "reports_fts"


def test_a_table_that_the_schema_does_not_describe_is_refused(own, shown):
    with pytest.raises(MetadataError, match="does not describe these tables of the database: gossip"):
        datasette_metadata(own, load_schema(), {**shown, "gossip": ("a",)})


def test_a_column_that_the_schema_does_not_describe_is_refused(own, shown):
    with pytest.raises(MetadataError, match="does not describe these columns of reports: gossip"):
        datasette_metadata(own, load_schema(), {**shown, "reports": (*shown["reports"], "gossip")})


def test_an_entry_for_a_table_that_does_not_exist_is_refused(own, shown):
    own["databases"]["gongkai"]["tables"]["gossip"] = {}
    with pytest.raises(MetadataError, match="gossip"):
        datasette_metadata(own, load_schema(), shown)


@pytest.mark.parametrize("key", ["title", "description"])
def test_a_query_without_a_text_is_refused(own, shown, key):
    del own["databases"]["gongkai"]["queries"]["search"][key]
    with pytest.raises(MetadataError, match="query search"):
        datasette_metadata(own, load_schema(), shown)


def test_columns_that_metadata_names_exist(own, shown):
    for name, entry in own["databases"]["gongkai"]["tables"].items():
        named = [*entry.get("facets", ()), *(entry[key] for key in ("label_column", "sort", "sort_desc") if key in entry)]
        assert set(named) <= set(shown[name]), name


def test_the_search_index_is_no_table_of_its_own(tmp_path):
    small = SmallDatabase(tmp_path / "gongkai.db")
    small.index()
    names = shown_tables(sqlite3.connect(small.path))
    assert set(names) == {table.name for table in (*load_schema().tables, *load_schema().storage)}


def test_tables_under_views_are_described_and_not_listed(own, shown):
    storage = load_schema().storage
    more = {stored.name: ("report",) for stored in storage}
    tables = datasette_metadata(own, load_schema(), {**shown, **more})["databases"]["gongkai"]["tables"]
    for stored in storage:
        assert tables[stored.name]["hidden"] and stored.texts.description in tables[stored.name]["description"]
