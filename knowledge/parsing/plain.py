"""Plain text and markdown."""

from knowledge.parsing.encodings import decode


def read_plain(content: bytes) -> str:
    """Text with plain line feeds, otherwise verbatim."""
    return decode(content).replace("\r\n", "\n").replace("\r", "\n")
