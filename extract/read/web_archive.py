"""MHTML: a page that a browser or Word saved with its pictures as one file; the page itself is read."""

from __future__ import annotations

import email
import email.policy

from extract.model import Document
from extract.read.encoding import decode
from extract.read.markup import read_markup
from extract.read.refusal import refusal


def read_web_archive(data: bytes) -> Document:
    """Read the first HTML part of a saved page."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if content:
                return read_markup(*decode(content))
    raise refusal("no_text", kind="MHTML")
