"""For machines that follow the site: sitemap, Atom feed, robots.txt.

A sitemap and a feed need full addresses. Without a known public address theirs are relative to the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from publish.pages.page import Chrome
from publish.pages.query import Data

_MOST_ENTRIES = 50
# The protocol's limit is 50,000 addresses a file.
_MOST_ADDRESSES = 10_000
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemap(pages: Iterable[str], chrome: Chrome) -> dict[str, bytes]:
    """Return sitemap.xml for the addresses of all pages; when they are too many for one file, an index of the files that hold them."""
    addresses = sorted(pages)
    shards = [addresses[start : start + _MOST_ADDRESSES] for start in range(0, len(addresses), _MOST_ADDRESSES)] or [[]]
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
    base = chrome.site_url or ""
    dated = [(data.sources[row["source_id"]]["added_on"] or "1970-01-01", row) for row in data.reports]
    dated.sort(key=lambda pair: (pair[0], pair[1]["report_id"]), reverse=True)
    entries = []
    for added, row in dated[:_MOST_ENTRIES]:
        title = f"{data.agencies[row['agency_id']]['name']}{row['year']}年：{words.say('document_type.' + row['document_type'])}"
        entries.append(
            f"<entry>\n<title>{escape(title)}</title>\n<id>urn:gongkai:{escape(row['report_id'])}</id>\n"
            f'<link href="{escape(base + data.paths[row["report_id"]])}"/>\n<updated>{escape(added)}T00:00:00Z</updated>\n'
            f"<summary>{escape(row['title'] or title)}</summary>\n</entry>\n"
        )
    updated = dated[0][0] if dated else "1970-01-01"
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans">\n<title>{escape(words.say("page.home"))}</title>\n'
        f"<subtitle>{escape(words.say('site.tagline'))}</subtitle>\n<id>urn:gongkai:feed</id>\n"
        f'<link rel="self" href="{escape(base)}feed.xml"/>\n<link href="{escape(base) or "./"}"/>\n'
        f"<author><name>{escape(words.say('site.name', 'en'))}</name></author>\n<updated>{escape(updated)}T00:00:00Z</updated>\n"
        f"{''.join(entries)}</feed>\n"
    ).encode()


def robots(chrome: Chrome) -> bytes:
    """Return robots.txt: everything may be read; the database's endless filtered views need not be crawled."""
    lines = ["User-agent: *", "Disallow: /gongkai", "Disallow: /-/"]
    if chrome.site_url:
        lines.append(f"Sitemap: {chrome.site_url}sitemap.xml")
    return ("\n".join(lines) + "\n").encode()
