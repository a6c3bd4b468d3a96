"""The running origin, asked over HTTP: what it serves, what it refuses, what it never lets through."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_origin import Origin, running
from serve_small_database import canned_queries, small_tree

from publish.metadata import PLUGINS, SETTINGS
from publish.serve import ServeError, make_app, serve

ABSENT = (
    *("/none", "/none/", "/data/none.csv", "/about/index.html/", "/gongkai/none", "/gongkai/reports/none", "/gongkaix"),
    *("/-/databases", "/-/permissions"),
)
READ_ONLY = ("/", "/about/", "/gongkai", "/gongkai/reports", "/gongkai/none", "/-/metadata", "/none", "/data/gongkai.db")
OUTSIDE = (
    *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/data/..%2f..%2fsecret.txt", "/data/../../secret.txt"),
    *("//../secret.txt", "/%5c..%5csecret.txt", "/link.txt", "/%00", "/-/static/..%2f..%2fapp.py", "/-/static/../app.py", "/" + "a" * 5000),
)
WRITING = ("delete from reports", "insert into regions values (1)", "drop table reports", "pragma journal_mode=wal", "vacuum")
SECURITY = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options")


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    return small_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def origin(dist) -> Iterator[Origin]:
    with running(dist) as started:
        yield started


@pytest.mark.parametrize(
    ("path", "media_type", "part"),
    [
        ("/", "text/html; charset=utf-8", "公开"),
        ("/about/", "text/html; charset=utf-8", "关于"),
        ("/about/index.md", "text/markdown; charset=utf-8", "关于"),
        ("/data/reports.csv", "text/csv; charset=utf-8", "报告"),
        ("/data/metadata.json", "application/json", "CC BY 4.0"),
        ("/gongkai", "text/html; charset=utf-8", "行政区划"),
        ("/gongkai/reports", "text/html; charset=utf-8", "CC BY 4.0"),
        ("/gongkai/agencies/440115", "text/html; charset=utf-8", "广州市南沙区人民政府"),
        ("/gongkai/requests_received?year=2020", "text/html; charset=utf-8", "1777"),
        ("/gongkai.json", "application/json; charset=utf-8", "gongkai"),
        ("/-/metadata.json", "application/json; charset=utf-8", "CC BY 4.0"),
        ("/-/static/app.css", "text/css", "font"),
    ],
)
def test_pages_have_their_type_their_content_and_the_security_headers(origin, path, media_type, part):
    answer = origin.ask(path)
    assert answer.status == 200
    assert answer.headers["content-type"].removesuffix("; charset=utf-8") == media_type.removesuffix("; charset=utf-8")
    assert "charset" not in media_type or "charset=utf-8" in answer.headers["content-type"]
    assert part in answer.text
    assert all(name in answer.headers for name in SECURITY)
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].split("script-src")[-1]


def test_every_inline_script_of_datasette_is_named_in_its_policy(origin):
    for path in ("/gongkai", "/gongkai/reports", "/gongkai/agencies/440115", "/gongkai?sql=select+1", "/gongkai/search?q=公开"):
        answer = origin.ask(path)
        policy = answer.headers["content-security-policy"]
        scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
        assert scripts
        for script in scripts:
            assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy, (path, script[:60])
        assert not re.search(r"<[^>]+\son\w+=", answer.text), path


@pytest.mark.parametrize(
    "path", ["/none", "/none/", "/data/none.csv", "/gongkai/none", "/gongkai/reports/none", "/gongkaix", "/-/databases", "/-/permissions"]
)
def test_what_is_not_there_is_the_sites_own_page(origin, path):
    answer = origin.ask(path)
    assert (answer.status, "没有这一页" in answer.text) == (404, True)
    assert all(name in answer.headers for name in SECURITY)


def test_a_missing_page_ignores_a_range(origin):
    assert origin.ask("/none", Range="bytes=0-1").status == 404


def test_missing_data_is_told_to_programs_in_json(origin):
    answer = origin.ask("/gongkai/none.json")
    assert answer.status == 404 and answer.json["ok"] is False


@pytest.mark.parametrize("path", READ_ONLY)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_every_other_method_is_refused(origin, path, method):
    answer = origin.ask(path, method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/about/", "/data/gongkai.db", "/gongkai", "/gongkai/reports.json", "/none", "/gongkai/none"])
def test_head_is_get_without_the_body(origin, path):
    head, get = origin.ask(path, "HEAD"), origin.ask(path)
    assert (head.status, head.headers.get("content-type")) == (get.status, get.headers.get("content-type"))
    assert head.body == b"" and get.body


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_the_tree(origin, path):
    answer = origin.ask(path)
    assert answer.status == 404 and b"secret" not in answer.body and b"import" not in answer.body


@pytest.mark.parametrize("path", ["/about", "//about"])
def test_a_folder_without_its_slash_leads_to_the_folder_on_this_origin(origin, path):
    answer = origin.ask(path, Host="evil.example")
    assert (answer.status, answer.headers["location"]) == (308, "/about/")


def test_files_under_data_answer_range_requests(origin, dist):
    whole = (dist / "data" / "gongkai.db").read_bytes()
    part = origin.ask("/data/gongkai.db", Range="bytes=0-15")
    assert (part.status, part.body) == (206, b"SQLite format 3\0")
    assert part.headers["content-range"] == f"bytes 0-15/{len(whole)}"
    assert origin.ask("/data/gongkai.db", Range="bytes=-100").body == whole[-100:]
    assert origin.ask("/data/gongkai.db", Range=f"bytes={len(whole)}-").status == 416
    assert origin.ask("/data/gongkai.db").body == whole


def test_an_unchanged_file_is_not_sent_again(origin):
    first = origin.ask("/about/")
    again = origin.ask("/about/", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_database_is_downloaded_from_the_tree(origin):
    answer = origin.ask("/gongkai.db")
    assert (answer.status, answer.headers["location"]) == (308, "/data/gongkai.db")


def test_programs_on_other_sites_may_read_the_data(origin):
    for path in ("/gongkai/reports.json", "/gongkai/reports.csv?_stream=on", "/data/reports.csv", "/data/gongkai.db"):
        assert origin.ask(path).headers["access-control-allow-origin"] == "*"


def test_datasette_is_immutable_counted_and_set_as_meant(origin):
    settings = origin.ask("/-/settings.json").json
    assert {key: settings[key] for key in SETTINGS} == SETTINGS
    database = origin.ask("/gongkai.json").json
    assert {table["name"]: table["count"] for table in database["tables"]}["sections"] == 2
    assert not any(table["name"].endswith("_fts") and not table["hidden"] for table in database["tables"])


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_can_be_written_with_sql(origin, dist, sql):
    before = (dist / "data" / "gongkai.db").read_bytes()
    assert origin.ask(f"/gongkai.json?sql={sql.replace(' ', '+')}").status == 400
    assert (dist / "data" / "gongkai.db").read_bytes() == before
    assert sorted(path.name for path in (dist / "data").glob("gongkai.db*")) == ["gongkai.db"]


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/gongkai/sections.json?_search=公开&_shape=array", 1),
        ("/gongkai/sections.json?_search=公開&_shape=array", 1),
        ("/gongkai/sections.json?_search=复议&_shape=array", 1),
        ("/gongkai/sections.json?_search=公开依&_shape=array", 0),
        ("/gongkai/sections.json?_search=无此词&_shape=array", 0),
        ("/gongkai/sections.json?_search=&_shape=array", 0),
        ("/gongkai/agencies.json?_search=南沙&_shape=array", 1),
        ("/gongkai/reports.json?_search=南沙&_shape=array", 1),
        ("/gongkai/sections.json?_search_text=复议&_shape=array", 1),
        ("/gongkai/search.json?q=复议&_shape=array", 1),
    ],
)
def test_search_over_http(origin, path, rows):
    answer = origin.ask(path)
    assert (answer.status, len(answer.json)) == (200, rows)


MISTAKES = (
    *("/gongkai/sections?_sort=none", "/gongkai/sections?_where=1;drop", "/gongkai/sections?_size=many"),
    *("/gongkai/sections/440115-2020", "/gongkai/sections.json?_sort=none", "/gongkai?sql=select", "/gongkai?sql=attach+'a'+as+b"),
    *("/gongkai.json?sql=select+length(randomblob(900000000))", "/gongkai.json?sql=select+load_extension('a')"),
    "/gongkai/sections?_searchmode=raw&_search=AND",
)


@pytest.mark.parametrize("path", MISTAKES)
def test_a_mistake_of_the_asker_is_told_as_one(origin, path):
    answer = origin.ask(path)
    assert answer.status == 400 and "Traceback" not in answer.text
    assert ".json" not in path or answer.json["ok"] is False


def test_a_query_that_never_ends_is_ended(origin):
    sql = "with+recursive+a(x)+as+(select+1+union+all+select+x%2B1+from+a)+select+max(x)+from+a"
    answer = origin.ask(f"/gongkai.json?sql={sql}")
    assert answer.status == 400 and "time limit" in answer.text


@pytest.mark.parametrize("path", ["/about/", "/gongkai", "/gongkai/reports.json"])
def test_broken_headers_of_a_visitor_break_nothing(origin, path):
    for headers in ({"Cookie": "a=\xff; ds_actor=x"}, {"Authorization": "Bearer x"}, {"If_None_Match": "\xff"}, {"If_Modified_Since": "x"}):
        assert origin.ask(path, **headers).status == 200
    assert origin.ask(path, Range="bytes=a-b").status in (200, 400)
    assert "cookie" not in origin.ask(path).headers.get("set-cookie", "")


def test_search_on_a_table_without_an_index_is_refused_instead_of_returning_every_row(origin):
    assert origin.ask("/gongkai/figures.json?_search=公开").status == 400


def test_every_canned_query_answers_over_http_without_parameters(origin):
    for name in canned_queries():
        assert origin.ask(f"/gongkai/{name}.json?_shape=array").status == 200, name
        page = origin.ask(f"/gongkai/{name}")
        assert page.status == 200 and canned_queries()[name]["title"].partition(" / ")[0] in page.text, name


def test_a_querys_report_leads_to_the_report(origin):
    assert '<a href="/gongkai/reports/440115-2020">440115-2020</a>' in origin.ask("/gongkai/requests_received").text


def test_plain_datasette_serves_the_folder_as_we_do(dist):
    command = [sys.executable, "-m", "datasette", str(dist / "data"), "--get", "/gongkai/sections.json?_search=公開&_shape=array"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=dist)
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in json.loads(done.stdout)] == ["主动公开、依申请公开"]
    assert sorted(path.name for path in (dist / "data" / "plugins").glob("*.py")) == sorted(path.name for path in PLUGINS.glob("*.py"))


def test_a_tree_that_is_not_built_is_one_sentence(tmp_path):
    with pytest.raises(ServeError, match="build the site first"):
        make_app(tmp_path / "dist")


def test_a_port_in_use_is_one_sentence(dist):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServeError, match="another program uses it"):
        serve(dist, port=taken.getsockname()[1])


def test_the_database_opens_read_only_without_a_journal(dist):
    connection = sqlite3.connect(f"file:{dist / 'data' / 'gongkai.db'}?mode=ro&immutable=1", uri=True)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
