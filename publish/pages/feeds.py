"""For machines that follow the site: sitemap, Atom feed, robots.txt.

A sitemap and a feed need full addresses. Without a known public address theirs are relative to the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from publish.pages.data import Data, Row
from publish.pages.links import relative
from publish.pages.page import Chrome

_MOST_ENTRIES = 50
# There are thousands of regions.
_MOST_OF_A_REGION = 20
# The protocol's limit is 50,000 addresses a file.
MOST_ADDRESSES = 10_000
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemap(pages: Iterable[str], chrome: Chrome) -> dict[str, bytes]:
    """Return sitemap.xml for the addresses of all pages; when they are too many for one file, an index of the files that hold them."""
    addresses = sorted(pages)
    shards = [addresses[start : start + MOST_ADDRESSES] for start in range(0, len(addresses), MOST_ADDRESSES)] or [[]]
    if len(shards) == 1:
        return {"sitemap.xml": _sitemap("urlset", "url", shards[0], chrome)}
    names = [f"sitemap-{place}.xml" for place in range(1, len(shards) + 1)]
    files = {name: _sitemap("urlset", "url", shard, chrome) for name, shard in zip(names, shards, strict=True)}
    return {"sitemap.xml": _sitemap("sitemapindex", "sitemap", names, chrome), **files}


def _sitemap(root: str, element: str, addresses: Iterable[str], chrome: Chrome) -> bytes:
    entries = "".join(f"<{element}><loc>{escape((chrome.site_url or '') + address)}</loc></{element}>\n" for address in addresses)
    return f'{_XML}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</{root}>\n'.encode()


def feed(data: Data, chrome: Chrome) -> bytes:
    """Return feed.xml: the documents added last, dated by the day they were added."""
    words = chrome.words
    return _atom(data.reports, _MOST_ENTRIES, "", words.say("page.home"), words.say("site.tagline"), data, chrome)


def region_feed(region: Row, agencies: Iterable[Row], data: Data, chrome: Chrome) -> bytes:
    """Return the feed of a region: the documents added last of its bodies and those of the regions below it."""
    words = chrome.words
    reports = [row for agency in agencies for row in data.reports_by_agency.get(agency["agency_id"], ())]
    title = f"{words.say('site.name')}{words.say('join.colon')}{region['full_name']}"
    about = words.say("region.description", name=region["full_name"])
    return _atom(reports, _MOST_OF_A_REGION, f"regions/{region['region_id']}/", title, about, data, chrome)


def _atom(reports: Iterable[Row], most: int, path: str, title: str, about: str, data: Data, chrome: Chrome) -> bytes:
    """Return the feed of the page at `path`, which stands beside it."""
    words = chrome.words

    def address(target: str) -> str:
        return escape(chrome.site_url + target if chrome.site_url else relative(target, path) or "./")

    dated = [(data.sources[row["source_id"]]["added_on"] or "1970-01-01", row) for row in reports]
    dated.sort(key=lambda pair: (pair[0], pair[1]["report_id"]), reverse=True)
    entries = []
    for added, row in dated[:most]:
        name = f"{data.agencies[row['agency_id']]['name']}{row['year']}年：{words.say('document_type.' + row['document_type'])}"
        entries.append(
            f"<entry>\n<title>{escape(name)}</title>\n<id>urn:gongkai:{escape(row['report_id'])}</id>\n"
            f'<link href="{address(data.paths[row["report_id"]])}"/>\n<updated>{escape(added)}T00:00:00Z</updated>\n'
            f"<summary>{escape(row['title'] or name)}</summary>\n</entry>\n"
        )
    updated = dated[0][0] if dated else "1970-01-01"
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans">\n<title>{escape(title)}</title>\n'
        f"<subtitle>{escape(about)}</subtitle>\n<id>urn:gongkai:{escape(path.replace('/', ':'))}feed</id>\n"
        f'<link rel="self" href="{address(path + "feed.xml")}"/>\n<link href="{address(path)}"/>\n'
        f"<author><name>{escape(words.say('site.name', 'en'))}</name></author>\n<updated>{escape(updated)}T00:00:00Z</updated>\n"
        f"{''.join(entries)}</feed>\n"
    ).encode()


def robots(chrome: Chrome) -> bytes:
    """Return robots.txt: everything may be read; the database's endless filtered views need not be crawled."""
    lines = ["User-agent: *", "Disallow: /gongkai", "Disallow: /-/"]
    if chrome.site_url:
        lines.append(f"Sitemap: {chrome.site_url}sitemap.xml")
    return ("\n".join(lines) + "\n").encode()
