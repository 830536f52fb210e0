"""How to reach a person: phone, WeChat id, e-mail, name."""

import re
from dataclasses import dataclass
from functools import cache

from actions.understanding.lexicon import not_people, surnames, titles
from actions.understanding.text import Span
from core.domain.needs import Contact

SPOKEN = {
    char: str(digit)
    for digit, chars in enumerate(
        ("零〇洞", "一幺", "二两", "三", "四", "五", "六", "七拐", "八", "九勾")
    )
    for char in chars
}
_SPOKEN = "".join(SPOKEN)
SPOKEN_RUN = re.compile(rf"[幺一1零〇洞0四4](?:[\s\-、,]?[{_SPOKEN}\d]){{6,}}")
PHONE = re.compile(
    r"(?<![A-Za-z0-9_.@-])(?:\+?86[\s-]?)?(?P<number>1[\s-]?[3-9](?:[\s-]?\d){9}|400[\s-]?\d{3,4}[\s-]?\d{3,4}|0\d{2,3}[\s-]?\d{7,8}|\(0\d{2,3}\)\s?\d{7,8})"
    r"(?![\d.])(?:\s*(?:转|分机|-)\s*(?P<extension>\d{1,5}))?"
)
NEAR_PHONE = re.compile(r"(?<![A-Za-z0-9_.@-])1[3-9]\d{4,14}(?![\d.]|\s*[万元个件%])")
EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
WECHAT = re.compile(
    r"(?:微信|weixin|wechat|(?<![A-Za-z])(?:wx|vx|v信|V信))(?:号|ID|id)?\s*(?:是|为|:|加)?\s*(?P<id>[A-Za-z][-_A-Za-z0-9]{5,19}|1[3-9]\d{9})",
    re.IGNORECASE,
)
SAME_WECHAT = re.compile(
    r"微信(?:号)?(?:和|跟|与)?(?:也是|手机|电话)?(?:号)?(?:也|都)?(?:同号|同步|一样|同手机|是这个|相同)|(?:手机|电话)(?:和)?微信同号"
)
DECLINED = re.compile(r"不方便|不想(?:留|说|给)|不便|保密|暂不|先不留|不留")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReading:
    """What was found and where; `bad_phone` is a number that no network has."""

    contact: Contact | None = None
    bad_phone: str | None = None
    spans: tuple[Span, ...] = ()


def read_contact(text: str, *, asked: bool = False) -> ContactReading:
    """Find the contact in a folded text; `asked` when the text answers a question for it."""
    spoken = _digits_for_spoken(text)
    email = EMAIL.search(text)
    wechat = WECHAT.search(spoken)
    spans = [Span(start=m.start(), end=m.end()) for m in (email, wechat) if m]
    phone = _phone(spoken, wechat.span("id") if wechat else None)
    bad = None
    if phone is None:
        near = NEAR_PHONE.search(spoken)
        if near and not (wechat and wechat.start("id") == near.start()):
            bad = near[0]
            spans.append(Span(start=near.start(), end=near.end()))
    else:
        spans.append(phone[1])
    number = phone[0] if phone else None
    wechat_id = wechat["id"] if wechat else None
    if wechat_id is None and number and SAME_WECHAT.search(text):
        wechat_id = number
    name = _name(text, first=min((s.start for s in spans), default=None), asked=asked)
    if name:
        spans.append(name)
    if not (name or number or wechat_id or email):
        return ContactReading(bad_phone=bad, spans=tuple(spans))
    contact = Contact(
        name=name.of(text) if name else None,
        phone=number,
        wechat=wechat_id,
        email=email[0] if email else None,
    )
    return ContactReading(contact=contact, bad_phone=bad, spans=tuple(spans))


def _digits_for_spoken(text: str) -> str:
    """Spoken digits as figures, same length; only in runs long enough for a phone number."""

    def figures(run: re.Match[str]) -> str:
        return "".join(SPOKEN.get(char, "-" if char in "、," else char) for char in run[0])

    return SPOKEN_RUN.sub(figures, text)


def _phone(text: str, taken: tuple[int, int] | None) -> tuple[str, Span] | None:
    for found in PHONE.finditer(text):
        if taken and found.start("number") == taken[0]:
            continue
        number = re.sub(r"[\s()-]", "", found["number"])
        if _is_valid(number):
            span = Span(start=found.start(), end=found.end())
            extension = f"-{found['extension']}" if found["extension"] else ""
            return _shown(found["number"], number) + extension, span
    return None


def _shown(said: str, number: str) -> str:
    """A mobile number in one piece, others with the parts the person gave them."""
    if number.startswith("1"):
        return number
    return re.sub(r"[\s)]+", "-", said.strip().lstrip("("))


def _is_valid(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415 -- heavy: loaded on first use

    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def _name(text: str, *, first: int | None, asked: bool) -> Span | None:
    for pattern in _introduced():
        found = pattern.search(text)
        if found:
            return Span(start=found.start("name"), end=found.end("name"))
    if first is not None:
        beside = _beside().search(text[:first])
        if beside:
            return Span(start=beside.start("name"), end=beside.end("name"))
    if asked or first is not None:
        alone = _alone().search(text)
        if alone:
            return Span(start=alone.start("name"), end=alone.end("name"))
    return None


@cache
def _person() -> str:
    single, double = surnames()
    one = f"[{''.join(sorted(single))}]"
    family = rf"(?:{'|'.join(double)}|{one})"
    forms = sorted(titles(), key=len, reverse=True)
    titled = rf"{family}(?:{'|'.join(forms)})(?![程业作厂艺])"
    given = r"(?:(?![是在做有的了和要想电手微联])[\u4e00-\u9fff]){1,2}"
    full = rf"{family}{given}(?:{'|'.join(form for form in forms if len(form) > 1)})?"
    familiar = rf"[小老]{one}(?=[\s,。;、:]|$)"
    return rf"(?P<name>{_not_people()}(?:{familiar}|{titled}|{full}))"


@cache
def _not_people() -> str:
    return rf"(?!(?:{'|'.join(not_people())}))"


@cache
def _introduced() -> tuple[re.Pattern[str], ...]:
    person, end = _person(), r"(?=[\s,。;、:!(\d]|电话|手机|微信|$|的|吧)"
    role = r"(?:[\u4e00-\u9fff]{0,4}(?:经理|主管|负责人|采购))?"
    introduced = r"(?:我叫|叫我|(?<!们)我是|这边是|联系|找)(?:一下|我们|我)?"
    return (
        re.compile(
            rf"(?:联系人|姓名|名字|称呼|负责人|对接人)(?:换成|改成|改为|换|改|[是为叫:\s])*{person}{end}"
        ),
        re.compile(rf"{introduced}{role}\s*{person}{end}"),
    )


@cache
def _beside() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[\s,。;、:!(\n]){_person()}[\s,。;、:()]*(?:的?(?:联系)?(?:电话|手机|手机号|号码|微信|邮箱|座机|tel|TEL|Tel))*[是为:\s]*$"
    )


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,。;、:(\n]){_person()}(?:吧|就行)?\s*(?=[\s,。;、)\n]|$)")
