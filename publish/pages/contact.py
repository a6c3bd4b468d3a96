"""Where readers and bodies reach us, from site/contact.yml, and the ways to report an error on a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from publish.pages.escape import address
from publish.pages.words import SITE

_KEYS = {"email", "issues_url", "answer_within_working_days"}


@cache
def load_contact(path: Path = SITE / "contact.yml") -> Mapping[str, Any]:
    """Read where we can be reached; raise ValueError where the page could not say it."""
    contact = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    if not isinstance(contact, dict) or set(contact) != _KEYS:
        raise ValueError(f"{path.name} must have exactly the keys {', '.join(sorted(_KEYS))}")
    if not isinstance(contact["email"], str) or "@" not in contact["email"]:
        raise ValueError(f"{path.name}: email must be an e-mail address")
    if contact["issues_url"] and not address(str(contact["issues_url"])):
        raise ValueError(f"{path.name}: issues_url must be a web address or empty")
    if not isinstance(contact["answer_within_working_days"], int) or contact["answer_within_working_days"] < 1:
        raise ValueError(f"{path.name}: answer_within_working_days must be a whole number of days")
    return contact


def is_placeholder(email: str) -> bool:
    """Tell whether nobody reads what is sent there: names under .example belong to nobody."""
    return email.endswith(".example")


def direct_ways(path: str, site_url: str | None, contact: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (word, address) of the ways to report an error on the page at `path` that name it themselves.

    There is none while site/contact.yml has a placeholder and no address for issues: the page corrections/ says how all the same.
    """
    ways = []
    where = f"{site_url or ''}{path}"
    if not is_placeholder(contact["email"]):
        ways.append(("site.report_by_mail", f"mailto:{contact['email']}?subject={quote(f'Gongkai: {path}')}&body={quote(where)}"))
    if contact["issues_url"]:
        new = f"{str(contact['issues_url']).rstrip('/')}/new?title={quote(path)}&body={quote(where)}"
        ways.append(("site.report_by_issue", new))
    return ways
