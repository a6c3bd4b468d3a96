"""Host names in a report's text. One that is not *.gov.cn may be a stranger's who bought a lapsed address."""

from __future__ import annotations

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TOP = "com|cn|net|org|gov|edu|info|top|xyz|vip|cc|tv|io|me|club|site|shop|online|tw|hk"
_HOST = re.compile(rf"(?<![@\w.-])(?:{_LABEL}\.){{1,6}}(?:{_TOP})(?![a-z0-9_@-]|\.[a-z0-9])", re.IGNORECASE | re.ASCII)
_DOT_BEFORE_LETTER = re.compile(r"\.[a-zA-Z]")


def foreign_hosts(text: str) -> list[str]:
    """Return each host name that does not belong to the government's domain, as printed."""
    if not _DOT_BEFORE_LETTER.search(text):  # most dots stand behind the number of a label
        return []
    hosts = (found[0] for found in _HOST.finditer(text))
    return [host for host in hosts if not f".{host.lower()}".endswith(".gov.cn")]
