"""The documents say what is so: their commands run, their links lead somewhere, their addresses answer."""

from __future__ import annotations

import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_origin import Origin, running

from publish.schema import load_schema

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "LICENSE-DATA.md")
HERE = Path(__file__).parent.parent
README = (HERE / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def shell_commands() -> list[list[str]]:
    lines = (line for block in blocks("sh") for line in block.splitlines())
    return [command for line in lines if (command := shlex.split(line, comments=True))]


def readme_addresses() -> list[str]:
    return re.findall(r"<http://127\.0\.0\.1:8001(/[^>]*)>", README)


@pytest.fixture(scope="module")
def origin(built: Path) -> Iterator[Origin]:
    with running(built) as started:
        yield started


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_of_the_documents_lead_to_files(document):
    targets = re.findall(r"\]\(([^)#]+)\)", (HERE / document).read_text("utf-8"))
    assert document != "README.md" or len(targets) > 20
    assert [target for target in targets if not target.startswith("https://") and not (HERE / target).exists()] == []


def test_every_make_target_named_exists_and_every_target_is_named():
    makefile = (HERE / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    text = README + (HERE / "CONTRIBUTING.md").read_text("utf-8") + (HERE / ".ci/run").read_text("utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
    assert named == targets


def test_commands_of_build_named_exist():
    from build import main

    named = re.findall(r"build\.py ([a-z]+)", README + (HERE / "Makefile").read_text("utf-8"))
    assert named and set(named) <= set(main.commands)


@pytest.mark.parametrize("command", [c for c in shell_commands() if "build.py" in c[1]], ids=" ".join)
def test_the_readmes_help_commands_run(command):
    done = subprocess.run([sys.executable, *command[1:]], cwd=HERE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


@pytest.mark.parametrize("name", ["build", "serve"])
def test_options_that_the_documents_name_exist(name):
    from build import main

    users = ("README.md", "Makefile", ".ci/run", ".github/workflows/ci.yml")
    text = "".join((HERE / user).read_text("utf-8") for user in users)
    used = {option for line in re.findall(rf"build\.py {name}(.*)", text) for option in re.findall(r"--[a-z]+", line)}
    known = {"--help"}.union(*(parameter.opts for parameter in main.commands[name].params))
    assert used and used <= known


def test_every_command_of_the_readme_is_of_a_kind_that_is_tested():
    for command in shell_commands():
        assert command[0] == "make" or command[:2] == [".venv/bin/python", "build.py"] or command[0] == ".venv/bin/datasette", command


def test_the_readmes_datasette_command_finds_text(built):
    (command,) = [c for c in shell_commands() if c[0].endswith("datasette")]
    arguments = [str(built / "data") if part == "dist/data" else part for part in command[1:]]
    done = subprocess.run([sys.executable, "-m", "datasette", *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.startswith('[{"report_id"'), done.stderr


def test_the_readmes_sql_finds_rows(built):
    (sql,) = blocks("sql")
    connection = sqlite3.connect(f"file:{built / 'data' / 'gongkai.db'}?mode=ro", uri=True)
    scan = "select report_id, heading from sections where instr(text, '行政复议') or instr(heading, '行政复议')"
    rows = connection.execute(sql).fetchall()
    assert rows and sorted(rows) == sorted(connection.execute(scan).fetchall())


@pytest.mark.parametrize("address", readme_addresses())
def test_the_readmes_addresses_answer_with_content(origin, address):
    answer = origin.ask(address)
    assert answer.status == 200 and len(answer.body) > 200


def test_the_readmes_files_are_built(built):
    table = README.partition("| where | what |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    paths = [path for cell in cells for path in re.findall(r"`([^`]+)`", cell) if not path.startswith("/")]
    assert len(paths) > 10
    assert [path for path in paths if not (built / path.partition("#")[0]).exists()] == []


def test_every_table_is_in_the_dictionary_page(built):
    page = (built / "dictionary" / "index.html").read_text("utf-8")
    assert [table.name for table in load_schema().tables if table.name not in page] == []
