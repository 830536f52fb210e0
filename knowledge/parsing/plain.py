"""Plain text and markdown: finding the encoding."""

from core.domain.errors import UnreadableFileError

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAX_ODD_SHARE = 0.05


def decode(content: bytes) -> str:
    """Decode by byte order mark, then UTF-8, then GB 18030, then by statistics.

    Raises:
        UnreadableFileError: no encoding gives readable text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return text
    return _guessed(content)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"marked as {encoding} but is not") from error


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- heavy: loaded on first use

    best = from_bytes(content[: 1 << 20]).best()
    text = content.decode(best.encoding, errors="replace") if best else ""
    if not _readable(text):
        raise UnreadableFileError(
            "the encoding of the text cannot be recognised; save it as UTF-8"
        )
    return text


def _readable(text: str) -> bool:
    odd = sum(1 for char in text if (char < " " and char not in "\t\r\n\f") or char == "\ufffd")
    return bool(text) and odd <= len(text) * _MAX_ODD_SHARE


def read_plain(content: bytes) -> str:
    """Text with plain line feeds, otherwise verbatim."""
    return decode(content).replace("\r\n", "\n").replace("\r", "\n")
