"""Finding the encoding of Chinese text, line by line where a file mixes several."""

import codecs

from core.domain.errors import UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_ODD_SHARE = 0.05
_SAMPLE = 1 << 16
_FREQUENT_GB = range(0xB0, 0xD8)
"""First bytes of the 3,755 frequent characters of GB 2312."""
_FREQUENT_BIG5 = range(0xA4, 0xC7)
"""First bytes of the 5,401 frequent characters of Big5."""
_PLAUSIBLE = 0.9
_BROKEN_LINES = 0.5
_MANY = 20


def decode(content: bytes) -> str:
    """Decode by byte order mark, then UTF-8, UTF-16, the Chinese code pages, then line by line.

    Raises:
        UnreadableFileError: no encoding gives readable text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _marked(content, encoding)
    for text in (_as(content, "utf-8"), _as_utf16(content)):
        if text is not None and _readable(text):
            return text
    text = _mixed(content) if _holds_utf8(content) else _code_page(content)
    if text is None:
        text = _guessed(content)
    if text is None or not _readable(text):
        raise UnreadableFileError(
            "the encoding of the text cannot be recognised; save it as UTF-8"
        )
    return text


def _marked(content: bytes, encoding: str) -> str:
    text = content.decode(encoding, errors="replace")
    if not _readable(text):
        raise UnreadableFileError(f"marked as {encoding} but is not")
    return text


def _as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _as_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: in one of the byte orders nearly all is Chinese or ASCII."""
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = content[:_SAMPLE].decode(encoding, errors="replace")
        plain = sum(_common(char) for char in sample)
        if len(content) % 2 == 0 and sample and plain >= len(sample) * _PLAUSIBLE:
            return _as(content, encoding)
    return None


def _common(char: str) -> bool:
    return (
        " " <= char <= "~"
        or char in "\r\n\t"
        or "\u4e00" <= char <= "\u9fff"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        or "\u2010" <= char <= "\u2030"
    )


def _code_page(content: bytes) -> str | None:
    """GB 18030 or Big5, whichever makes more of the text frequent characters."""
    read = {name: _as(content, name) for name in ("gb18030", "big5hkscs")}
    known = {name: text for name, text in read.items() if text is not None}
    if not known:
        return None
    return max(known.items(), key=lambda one: (_frequent(one[1], one[0]), one[0] == "gb18030"))[1]


def _frequent(text: str, encoding: str) -> float:
    """The share of frequent characters among the Chinese ones, as the code page orders them."""
    page, leads = ("gb2312", _FREQUENT_GB) if encoding == "gb18030" else ("big5", _FREQUENT_BIG5)
    chinese = [char for char in text[:_SAMPLE] if char >= "\u0080"]
    coded = "".join(chinese).encode(page, errors="replace")
    signs = {0xA1, 0xA2, 0xA3}
    firsts = [byte for at, byte in enumerate(coded) if at % 2 == 0] if b"?" not in coded else []
    if not firsts:
        whole = [char.encode(page, errors="ignore") for char in chinese]
        firsts = [code[0] if code else 0 for code in whole]
    return sum(byte in leads or byte in signs for byte in firsts) / max(len(firsts), 1)


def _holds_utf8(content: bytes) -> bool:
    """Whether some lines are Chinese in UTF-8, which other encodings hardly ever look like."""
    return any(
        _as(line, "utf-8") is not None and sum(byte >= 0xE0 for byte in line) > 2  # noqa: PLR2004
        for line in content.splitlines()[:100_000]
        if not line.isascii()
    )


def _mixed(content: bytes) -> str | None:
    """Each line in the encoding it is in; what no encoding reads becomes U+FFFD."""
    lines: list[str] = []
    broken = 0
    for line in content.split(b"\n"):
        text = _as(line, "utf-8")
        if text is None:
            page = _code_page(line)
            likely = page is not None and _frequent(page, "gb18030") >= _PLAUSIBLE
            text = page if page is not None and likely else line.decode("utf-8", errors="replace")
            broken += not likely
        lines.append(text)
    return None if broken > max(len(lines) * _BROKEN_LINES, _MANY) else "\n".join(lines)


def _guessed(content: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- heavy: loaded on first use

    best = from_bytes(content[: 1 << 20]).best()
    return content.decode(best.encoding, errors="replace") if best else None


def _readable(text: str) -> bool:
    odd = sum(1 for char in text if (char < " " and char not in "\t\r\n\f") or char == "\ufffd")
    return bool(text) and odd <= len(text) * _MAX_ODD_SHARE
