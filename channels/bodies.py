"""Bodies of platforms' callbacks: XML or JSON, capped in size and depth, as nested mappings.

XML comes without a document type, so there is nothing to expand or to fetch.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from core.domain.errors import BadInputError

MOST_BYTES = 64 * 1024
MOST_DEPTH = 12

type Fields = Mapping[str, Any]

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class BadBodyError(BadInputError):
    """A callback's body that cannot be read."""


def read_body(body: bytes) -> Fields:
    """The fields of a body; XML's are texts (or mappings), several of one name a list.

    Raises:
        BadBodyError: it is too large, too deep, has a document type, or is neither XML nor JSON.
    """
    if len(body) > MOST_BYTES:
        raise BadBodyError("the body is too large")
    start = body.lstrip()[:1]
    if start == b"{":
        return _read_json(body)
    if start == b"<":
        return _read_xml(body)
    raise BadBodyError("the body is neither XML nor JSON")


def text_of(fields: Fields, name: str) -> str:
    """A field as text; empty when it is absent or no single value."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _read_json(body: bytes) -> Fields:
    depth = 0
    for one in _STRING.sub(b"", body):
        depth += (one in b"[{") - (one in b"]}")
        if depth > MOST_DEPTH:
            raise BadBodyError("the body is nested too deeply")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBodyError("the body is no JSON") from None
    if not isinstance(fields, dict):
        raise BadBodyError("the body is no JSON object")
    return fields


class _Builder:
    """Keeps what the parser meets, and stops it where nesting goes too far."""

    def __init__(self) -> None:
        self._open: list[tuple[dict[str, Any], list[str]]] = []
        self.root: dict[str, Any] | str = ""

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise BadBodyError("the body is nested too deeply")
        self._open.append(({}, []))

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)

    def end(self, tag: str) -> None:
        children, texts = self._open.pop()
        value: dict[str, Any] | str = children or "".join(texts).strip()
        if not self._open:
            self.root = value
            return
        siblings = self._open[-1][0]
        known: object = siblings.get(tag)
        if known is None:
            siblings[tag] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            siblings[tag] = [known, value]

    def close(self) -> None:
        """Nothing is left to do."""


def _read_xml(body: bytes) -> Fields:
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(body)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadBodyError("the body is no XML, or has a document type") from None
    if not isinstance(builder.root, dict):
        raise BadBodyError("the body has no fields")
    return builder.root
