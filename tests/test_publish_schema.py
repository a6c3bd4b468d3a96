"""The one schema: every table and column of the contract, each with its four texts, in SQLite and in datapackage.json."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sqlite_utils
import yaml

from publish.schema import SCHEMA_FILE, SchemaError, create_indexes, create_tables, load_schema, read_schema

# The columns that others rely on, from the contract, not from the schema.
CONTRACT = {
    "regions": "region_id code name full_name name_en level parent_id valid_from valid_to wikidata",
    "agencies": "agency_id name name_en region_id agency_type level uscc valid_from valid_to",
    "successions": "predecessor successor kind date share_note",
    "sources": "source_id path url original_url copy_kind retrieved_on media_type encoding bytes sha256 script pinyin_removed "
    "byte_slips_repaired spam_removed chrome_lines_removed personal_data_masked",
    "reports": "report_id agency_id year title document_type format published_on scope scope_line completeness is_current supersedes "
    "n_missing n_inferred n_inconsistent source_id",
    "sections": "report_id position role heading text line_start line_end",
    "indicators": "indicator label_zh label_en block parent unit definition_zh definition_en legal_basis first_year last_year",
    "crosswalk": "from_indicator to_indicator grade note",
    "figures": "report_id indicator measure value unit state reading proof confidence raw line place label_as_printed check_status",
    "requests": "report_id agency_id region_id year applicant requests_new requests_carried_in granted other_all other_not_clarified "
    "other_fee_unpaid other_misc outcomes_total requests_carried_out denied_total unable_total notproc_total other_total",
    "proactive": "report_id agency_id region_id year rules_made_in_year normative_documents_in_force admin_license_decisions "
    "central_procurement_amount_yuan admin_fee_amount_yuan admin_compulsion_items_change",
    "remedies": "report_id agency_id region_id year reconsideration_upheld litigation_after_reconsideration_total",
    "narrative_figures": "report_id position role value unit approximate phrase sentence line indicator",
    "rates": "report_id rate numerator denominator value n_inconsistent n_missing",
    "rules": "rule severity formula_zh formula_en formats",
    "checks": "report_id rule subject left_value right_value difference outcome sentence_zh sentence_en",
    "problems": "report_id path kind indicator detail line",
    "coverage": "agency_id year status checked_on official_url due_on days_late",
}
KEYS = {
    "regions": ("region_id",),
    "agencies": ("agency_id",),
    "sources": ("source_id",),
    "reports": ("report_id",),
    "sections": ("report_id", "position"),
    "indicators": ("indicator",),
    "figures": ("report_id", "indicator", "measure"),
    "narrative_figures": ("report_id", "position"),
    "rates": ("report_id", "rate"),
    "rules": ("rule",),
    "checks": ("report_id", "rule", "subject"),
    "coverage": ("agency_id", "year"),
}


def descriptor() -> dict[str, Any]:
    return copy.deepcopy(yaml.load(SCHEMA_FILE.read_text("utf-8"), yaml.CSafeLoader))


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_the_contract_is_kept(table: str) -> None:
    assert set(CONTRACT[table].split()) <= set(load_schema().table(table).column_names)
    if table in KEYS:
        assert load_schema().table(table).primary_key == KEYS[table]


def test_the_proactive_table_has_every_cell_of_both_national_forms() -> None:
    keys = set(["report_id", "agency_id", "region_id", "year", "format", "scope"])
    assert len(set(load_schema().table("proactive").column_names) - keys) == 22 + 3 * 2 + 1
    assert len(set(load_schema().table("remedies").column_names) - keys) == 15
    assert len(set(load_schema().table("requests").column_names) - keys) == 1 + 26 + 4


@pytest.mark.parametrize("key", ["title", "title_en", "description", "description_en"])
def test_a_table_or_a_column_without_a_text_is_refused(key: str) -> None:
    raw = descriptor()
    raw["resources"][0][key] = "  "
    with pytest.raises(SchemaError, match=f"regions has no {key}"):
        read_schema(raw)
    raw = descriptor()
    del raw["resources"][0]["schema"]["fields"][1][key]
    with pytest.raises(SchemaError, match=rf"regions\.code has no {key}"):
        read_schema(raw)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table["schema"].update(primaryKey="nothing"), "regions has no column nothing"),
        (lambda table: table.update(index=[["nothing"]]), "regions has no column nothing"),
        (lambda table: table["schema"]["fields"].append(table["schema"]["fields"][0]), "regions names a column twice"),
        (lambda table: table["schema"]["fields"][0].update(type="date"), r"regions\.region_id has type date"),
        (
            lambda table: table["schema"]["foreignKeys"][0]["reference"].update(resource="nowhere"),
            "or to none: regions",
        ),
    ],
)
def test_a_schema_that_does_not_fit_together_is_refused(change: Any, message: str) -> None:
    raw = descriptor()
    change(raw["resources"][0])
    with pytest.raises(SchemaError, match=message):
        read_schema(raw)


def test_sqlite_has_the_columns_keys_and_types_of_the_schema() -> None:
    db = sqlite_utils.Database(memory=True)
    create_tables(db, load_schema())
    create_indexes(db, load_schema())
    schema = load_schema()
    views = [table.name for table in schema.tables if table.view]
    assert db.view_names() == views == ["figures", "checks"]
    assert db.table_names() == [*(stored.name for stored in schema.storage), *(t.name for t in schema.tables if not t.view)]
    for table in schema.tables:
        made = db[table.name]
        assert tuple(column.name for column in made.columns) == table.column_names
        if table.view:
            continue
        assert tuple(made.pks) == table.primary_key
        expected = {key.columns for key in table.foreign_keys if key.table not in views}
        assert {tuple(key.columns) for key in made.foreign_keys} == expected
        for column, stored in zip(table.columns, made.columns, strict=True):
            assert bool(stored.notnull) == column.required
    assert {column.name: column.type for column in db["figure_values"].columns}["value"] == "numeric"


def test_a_numeric_column_keeps_whole_numbers_whole() -> None:
    db = sqlite_utils.Database(memory=True)
    create_tables(db, load_schema())
    db.execute("insert into rates values ('r', 'x', 154, 2154504800.5, 0.5, 0, 0, 0, null)")
    assert db.execute("select typeof(numerator), numerator, typeof(denominator) from rates").fetchone() == ("integer", 154, "real")


def test_no_two_tables_of_the_package_share_an_object() -> None:
    schemas = [table.table_schema() for table in load_schema().tables]
    parts = [part for schema in schemas for field in schema["fields"] for part in (field, field.get("constraints")) if part]
    assert len({id(part) for part in parts}) == len(parts)


def test_descriptions_cover_every_column() -> None:
    told = load_schema().descriptions()
    assert set(CONTRACT) <= set(told)
    for table in load_schema().tables:
        assert set(told[table.name]["columns"]) == set(table.column_names)
