"""How to reach a person: phone, WeChat id, e-mail, name."""

import re
from dataclasses import dataclass

from actions.understanding.people import read_name
from actions.understanding.text import Span, before
from core.domain.needs import Contact

SPOKEN = {
    char: str(digit)
    for digit, chars in enumerate(
        (
            "零〇洞",
            "一幺壹妖腰",
            "二两贰",
            "三叁",
            "四肆",
            "五伍",
            "六陆",
            "七拐柒",
            "八捌",
            "九勾玖",
        )
    )
    for char in chars
}
_SPOKEN = "".join(SPOKEN)
_PAUSE = r"(?:[\s\-、,。.…~]|然后|后面|接着|再|呃|嗯|啊|那个){0,3}"
SPOKEN_RUN = re.compile(
    rf"(?:[幺妖腰一1零〇洞0壹]|[四4](?=[零〇洞0]))(?:{_PAUSE}[{_SPOKEN}\d]){{6,}}"
)
COUNTED_RUN = re.compile(
    rf"(?:[{_SPOKEN}\d]{_PAUSE})*(?:(?:[二两三四五六七八2-8]个[{_SPOKEN}\d]){_PAUSE}(?:[{_SPOKEN}\d]{_PAUSE})*)+"
)
"""一三八四个零一二三四: a digit said several times."""
COUNTED = re.compile(rf"([二两三四五六七八2-8])个([{_SPOKEN}\d])")
PHONE = re.compile(
    r"(?<![A-Za-z0-9_.@-])(?:\+?86[\s-]?)?(?P<number>1[\s.-]{0,7}[3-9](?:[\s.-]{0,7}\d){9}|400[\s-]?\d{3,4}[\s-]?\d{3,4}|0\d{2,3}[\s-]{0,2}(?:\d{3,4}[\s-]?\d{4}|\d{4}[\s-]\d{3}(?!\d))|\(0\d{2,3}\)\s?\d{7,8}|\+?85[23][\s-]?\d{4}[\s-]?\d{4})"
    r"(?![\d.])(?:\s*(?:转|分机|ext\.?)\s*(?P<extension>\d{1,5})|-(?P<tail>\d{3,5})(?!\s*小时))?"
)
NEAR_PHONE = re.compile(
    r"(?<![A-Za-z0-9_.@-])1[\s-]?[3-9](?:[\s-]?\d){4,14}(?![\d.]|\s*[万元个件%])"
)
LANDLINE = re.compile(r"0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}")
"""An area and a number of the length that some city has."""
MOBILE = 11
"""Digits of a mobile number."""
ABROAD = ("852", "853")
"""Hong Kong and Macao."""
EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_.+-]*\s?(?:@|艾特|[(\[]at[)\]]|\sat\s)\s?[A-Za-z0-9-]+(?:(?:\.|点|\sdot\s)[A-Za-z0-9-]+)+"
)
WECHAT = re.compile(
    r"(?:(?P<phone>(?:手机|电话)号?\s*[/、和与兼])?\s*(?:微信|薇信|威信|weixin|wechat|(?<![A-Za-z])(?:wx|vx|v信|V信|加v|加V))(?:号码?|ID|id)?\s*(?:就?是|为|:|加我?|叫|,|吧|哈|呗)?\s*|加我(?=\s?[A-Za-z][A-Za-z0-9]*[-_\d]))\s*(?P<id>[A-Za-z][-_A-Za-z0-9]{5,19}(?![-_A-Za-z0-9.]*@)|1[3-9]\d{9})",
    re.IGNORECASE,
)
SAME_WECHAT = re.compile(
    r"(?:手机|电话|号码)(?:号|就)?(?:同|即|也是)微信|微信(?:号码?)?(?:和|跟|与)?(?:也是|就是|同|即)?(?:手机|电话)?(?:号码?)?(?:也|都)?(?:是)?(?:同号|同步|一样|一个号|同手机|同上|是这个|这个号|相同|(?<=手机号)|(?<=手机)|(?<=电话))|"
    r"(?:手机|电话|号码)(?:号)?(?:就是|和|跟|与|也是|即|加)?微信(?!号?(?:是|:|\s*[A-Za-z]))(?:同号|号|一样|同)?"
)
DECLINED = re.compile(r"不方便|不想(?:留|说|给)|不便|保密|暂不|先不留|不留")
FOREIGN_BEFORE = re.compile(
    r"(?:同事|教授|专家|前台|总机|客服|供应商|对方|他的?|她的?|不是|别打|不要打|旧号|原来的?(?:号|电话)?|以前)[^,。;\d]{0,6}$"
)
FOREIGN_AFTER = re.compile(
    r"^[\s,。;(]*(?:哦|噢|啊|呃|嗯|这个|那个)*[,]?(?:不对|不是(?!\s*\d)|错了|说错|打错|写错|作废|停机|停了|(?:不用打|别打|不要打|不要联系)(?!我|他|她|店|家|公司|会计|座机|总机|老板|[^,。]{0,6}\d)|(?:他|她|我)?离职|已?换号|不用了|是旧|旧的|换了|算了|打不通)"
)
CORRECTION = re.compile(r"不对|说错|打错|写错|应该是|改成|换成|更正|打我的?|联系我")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReading:
    """What was found and where; `bad_phone` is a number that no network has."""

    contact: Contact | None = None
    bad_phone: str | None = None
    name: Span | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A telephone number as it is stored, and where it stands."""

    value: str
    span: Span


def read_contact(text: str, *, asked: bool = False) -> ContactReading:
    """Find the contact in a folded text; `asked` when the text answers a question for it."""
    spoken = _digits_for_spoken(text)
    email, wechat = EMAIL.search(text), WECHAT.search(spoken)
    spans = [Span(start=m.start(), end=m.end()) for m in (email, wechat) if m]
    taken = wechat.start("id") if wechat and not wechat["phone"] else None
    numbers = [one for one in _numbers(text, spoken) if one.span.start != taken]
    spans += [one.span for one in numbers]
    phone = _own(text, numbers)
    bad = None if phone else _bad(spoken, taken)
    if bad:
        spans.append(bad)
    wechat_id = wechat["id"] if wechat else None
    if wechat_id is None and phone and SAME_WECHAT.search(text):
        wechat_id = phone.value
    name = read_name(text, reach=_reach(phone, spans), asked=asked)
    if name:
        spans.append(name)
    contact = Contact(
        name=name.of(text) if name else None,
        phone=phone.value if phone else None,
        wechat=wechat_id,
        email=_address(email[0]) if email else None,
    )
    return ContactReading(
        contact=contact if contact != Contact() else None,
        bad_phone=bad.of(spoken) if bad else None,
        name=name,
        spans=tuple(spans),
    )


def _reach(phone: _Number | None, spans: list[Span]) -> Span | None:
    """What the name stands beside: the number, else whatever comes first."""
    if phone:
        return phone.span
    return min(spans, key=lambda one: one.start, default=None)


def _address(written: str) -> str:
    """An e-mail address with its signs as signs."""
    plain = re.sub(r"\s?(?:艾特|[(\[]at[)\]]|\sat\s)\s?", "@", written)
    return re.sub(r"点|\sdot\s", ".", plain).replace(" ", "")


def _digits_for_spoken(text: str) -> str:
    """Spoken digits as figures, same length; only in runs long enough for a phone number."""

    def figures(run: re.Match[str]) -> str:
        return "".join(_figure(char) if _is_figure(char) else "-" for char in run[0])

    return SPOKEN_RUN.sub(figures, text)


def _numbers(text: str, spoken: str) -> list[_Number]:
    """Every valid number, in order."""
    found = [one for match in PHONE.finditer(spoken) if (one := _number(match))]
    for match in COUNTED_RUN.finditer(text):
        said = COUNTED.sub(lambda one: _figure(one[2]) * int(_figure(one[1])), match[0])
        digits = "".join(_figure(char) for char in said if char in SPOKEN or char.isdigit())
        if len(digits) == MOBILE and _is_valid(digits):
            found.append(_Number(value=digits, span=Span(start=match.start(), end=match.end())))
    return sorted(found, key=lambda one: one.span.start)


def _is_figure(char: str) -> bool:
    return char in SPOKEN or char.isdecimal()


def _figure(char: str) -> str:
    return SPOKEN.get(char, char)


def _number(found: re.Match[str]) -> _Number | None:
    number = re.sub(r"[\s().-]", "", found["number"])
    if not _is_valid(number):
        return None
    mobile = number.startswith("1")
    extension = found["extension"] or (None if mobile else found["tail"])
    end = found.end() if extension else found.end("number")
    shown = _shown(found["number"], number) + (f"-{extension}" if extension else "")
    return _Number(value=shown, span=Span(start=found.start(), end=end))


def _own(text: str, numbers: list[_Number]) -> _Number | None:
    """The number to call: none that is another's or taken back, the last of a correction."""
    own = [one for one in numbers if not _foreign(text, one)] or numbers[-1:]
    if len(own) > 1 and CORRECTION.search(text, own[-2].span.end, own[-1].span.start):
        return own[-1]
    mobile = (one for one in own if one.value.startswith("1"))
    return next(mobile, own[0] if own else None)


def _foreign(text: str, one: _Number) -> bool:
    head = before(text, one.span.start, 14)
    tail = text[one.span.end : one.span.end + 14]
    return FOREIGN_BEFORE.search(head) is not None or FOREIGN_AFTER.match(tail) is not None


def _bad(spoken: str, taken: int | None) -> Span | None:
    """A number like a mobile one with a digit too few or too many."""
    for near in NEAR_PHONE.finditer(spoken):
        digits = sum(char.isdigit() for char in near[0])
        if near.start() != taken and digits != MOBILE:
            return Span(start=near.start(), end=near.end())
    return None


def _shown(said: str, number: str) -> str:
    """A mobile number in one piece, others with the parts the person gave them."""
    if number.startswith("1"):
        return number
    return re.sub(r"[\s)]+", "-", said.strip().lstrip("("))


def _is_valid(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415 -- heavy: loaded on first use

    try:
        abroad = number.removeprefix("+").startswith(ABROAD)
        parsed = phonenumbers.parse(f"+{number.removeprefix('+')}" if abroad else number, "CN")
    except phonenumbers.NumberParseException:
        return False
    if LANDLINE.fullmatch(re.sub(r"\D", "", number)):
        return phonenumbers.is_possible_number(parsed)  # cities change their lengths
    return phonenumbers.is_valid_number(parsed)
