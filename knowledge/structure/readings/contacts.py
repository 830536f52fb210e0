"""Whom to ask and where to send: names, units, telephones, e-mail and postal addresses."""

import re
from collections.abc import Iterator

from core.domain.documents import Reading
from knowledge.structure.chunks import Sentence
from knowledge.structure.readings.quotes import stated

PHONE = re.compile(
    r"(?<![\d-])(?:0\d{2,3}[-—－ ]?[2-9]\d{6,7}(?:[-—－转]\d{1,6})?"
    r"|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|400[- ]?\d{3}[- ]?\d{4})(?!\d)"
)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}")
_NAME = r"(?:(?!联系|电话|手机|邮箱|地址)[\u4e00-\u9fff·]){2,4}"
_PERSON = re.compile(
    rf"(?:联\s*系\s*人|收件人|联络人)(?:及电话|和电话)?\s*[：:]\s*({_NAME}(?:[、，,]\s*{_NAME})*?)"
    r"(?=[\s，,；;。（(\d：:]|电话|手机|联系|$)"
)
_ADDRESS = re.compile(
    r"(?:(?:通讯|联系|邮寄|报送|收件|单位)?地\s*址|寄\s*送?\s*至)\s*[：:]\s*([^。；;，,\n]{6,60})"
)
_WHOLE_NAME = re.compile(rf"^{_NAME}$")
_UNIT = re.compile(r"(?:部|处|科|室|中心|办|协会|学会|科协|委员会|局|厅|院|所|公司|组)$")


def read_contacts(sentences: list[Sentence]) -> Iterator[Reading]:
    """Each contact with what stands beside it, and every telephone and address by itself."""
    for sentence in sentences:
        phones = PHONE.findall(sentence.text)
        mails = EMAIL.findall(sentence.text)
        addresses = _ADDRESS.findall(sentence.text)
        reach = (
            *(("phone", one) for one in phones),
            *(("email", one) for one in mails),
            *(("address", one.strip()) for one in addresses),
        )
        for name, units in _people(sentence, phones):
            yield stated("contact", name, sentence, (*(("unit", one) for one in units), *reach))
        for name, value in reach:
            yield stated(name, value, sentence)


def _people(sentence: Sentence, phones: list[str]) -> Iterator[tuple[str, list[str]]]:
    if sentence.row:
        values = [value for _, value in sentence.cells]
        names = [one for one in values if _WHOLE_NAME.match(one) and not _UNIT.search(one)]
        if phones and names:
            yield names[-1], [one for one in values if _UNIT.search(one)]
        return
    for found in _PERSON.finditer(sentence.text):
        for name in re.split(r"[、，,]\s*", found.group(1)):
            yield name, []
