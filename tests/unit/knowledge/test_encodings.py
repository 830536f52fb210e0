"""Chinese text in whatever encoding it comes."""

import pytest

from core.domain.errors import UnreadableFileError
from knowledge.parsing.encodings import decode

SIMPLIFIED = "关于申报项目的通知\n\n申报时间为2026年4月1日，每个单位至多申报2项。\n"
TRADITIONAL = "關於申報項目的通知\n\n申報時間為2026年4月1日，每個單位至多申報2項。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, "申报\n"])
def test_text_is_decoded_with_and_without_a_mark(encoding: str, text: str) -> None:
    if (text, encoding) == ("申报\n", "gbk"):
        pytest.skip("two characters could be anything")
    assert decode(text.encode(encoding)) == text


def test_big5_is_told_from_gbk() -> None:
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL


def test_plain_ascii_and_english_stay() -> None:
    assert decode(b"Apply by 30 April.\r\n") == "Apply by 30 April.\r\n"


def test_a_file_of_several_encodings_is_read_line_by_line() -> None:
    lines = SIMPLIFIED.split("\n")
    content = b"\n".join(
        line.encode("gbk" if at % 2 else "utf-8") for at, line in enumerate(lines * 3)
    )
    assert decode(content) == "\n".join(lines * 3)


def test_a_broken_character_costs_itself_and_not_the_file() -> None:
    content = (SIMPLIFIED * 20).encode()[:-2]
    text = decode(content)
    assert text.startswith(SIMPLIFIED)
    assert text.count("\ufffd") <= 3


def test_what_no_encoding_reads_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="save it as UTF-8"):
        decode(bytes(range(256)) * 50)
    with pytest.raises(UnreadableFileError, match="marked as"):
        decode(b"\xff\xfe" + bytes(range(1, 9)) + b"\0\xd8" * 60)
