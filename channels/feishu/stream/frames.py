"""Frames of Feishu's long connection: the few fields of its protobuf message `pbbp2.Frame`.

message Header { key = 1; value = 2 }                                  both texts
message Frame  { SeqID = 1; LogID = 2; service = 3; method = 4;        numbers
headers = 5; payload_encoding = 6; payload_type = 7;  messages; texts
payload = 8; LogIDNew = 9 }                           bytes; text
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from channels.bodies import BadBodyError

CONTROL, DATA = 0, 1
"""What `method` may be."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDTHS = {_FIXED64: 8, _FIXED32: 4}
_MOST_SHIFT = 63
_NUMBERS = {1: "sequence", 2: "log_id", 3: "service", 4: "method"}
_TEXTS = {6: "encoding", 7: "type", 9: "new_log_id"}
_HEADER, _PAYLOAD = 5, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame; `method` says whether it is for the connection or for us."""

    sequence: int = 0
    log_id: int = 0
    service: int = 0
    method: int = CONTROL
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    type: str = ""
    payload: bytes = b""
    new_log_id: str = ""


def read_frame(written: bytes) -> Frame:
    """The frame; fields that are not known are passed over.

    Raises:
        BadBodyError: it is none.
    """
    found: dict[str, int | str] = {}
    headers: dict[str, str] = {}
    payload = b""
    for number, value in _fields(written):
        if isinstance(value, int):
            found |= {_NUMBERS[number]: value} if number in _NUMBERS else {}
        elif number == _HEADER:
            pair = dict(_fields(value))
            headers[_text(pair.get(1, b""))] = _text(pair.get(2, b""))
        elif number == _PAYLOAD:
            payload = value
        elif number in _TEXTS:
            found[_TEXTS[number]] = _text(value)
    return Frame(headers=headers, payload=payload, **found)  # type: ignore[arg-type] # by the tables


def write_frame(frame: Frame) -> bytes:
    """The frame as it is sent."""
    parts = [_number(number, getattr(frame, name)) for number, name in _NUMBERS.items()]
    for key, value in frame.headers.items():
        parts.append(_bytes(_HEADER, _bytes(1, key.encode()) + _bytes(2, value.encode())))
    texts = {number: getattr(frame, name).encode() for number, name in _TEXTS.items()}
    for number, value in sorted({**texts, _PAYLOAD: frame.payload}.items()):
        parts.append(_bytes(number, value) if value else b"")
    return b"".join(parts)


def _fields(written: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(written):
        tag, at = _varint(written, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(written, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(written, at)
        elif kind in _WIDTHS:
            length = _WIDTHS[kind]
        else:
            raise BadBodyError("the frame has a field of an unknown kind")
        if length > len(written) - at:
            raise BadBodyError("the frame ends too early")
        yield number, written[at : at + length]
        at += length


def _varint(written: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, _MOST_SHIFT + 1, 7):
        if at >= len(written):
            break
        value |= (written[at] & 0x7F) << shift
        at += 1
        if written[at - 1] < 0x80:  # noqa: PLR2004 -- the bit that says that more follows
            return value, at
    raise BadBodyError("the frame has a number without end")


def _text(value: int | bytes) -> str:
    if isinstance(value, int):
        raise BadBodyError("the frame has a number where a text should be")
    return value.decode(errors="replace")


def _number(number: int, value: int) -> bytes:
    return _written(number << 3 | _VARINT) + _written(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _written(number << 3 | _BYTES) + _written(len(value)) + value


def _written(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:  # noqa: PLR2004 -- as above
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
