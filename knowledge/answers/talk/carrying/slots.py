"""Names in a question and the places they hold: another name put in such a place asks the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.answers.kinds import kind_of
from knowledge.lexicon.lists import contrasts, generic
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import normalise, segmenter

_NOUNS = ("n", "j", "l", "i", "z", "vn", "b", "a")
_ASKS = re.compile(r"什么|怎|谁|哪|几|多少|啥|何|吗|呢|多大|咋")
_PLAN = re.compile(r"(?:计划|指南|通知|文件|方案|要点)$")
_POST = re.compile(r"(?:组长|主任|主席|书记|会长|秘书长|部长|处长|负责人|联系人|委员)$")
_APPLICANT = re.compile(
    r"(?:学会|协会|研究会|科协|企业|公司|高校|大学|单位|院所|个人|医院|学校|厂)$"
)
_LEVELLED = re.compile(r"^(?:全国|国家|中国|省|市|区|县)$")
_ONE_OF = re.compile(
    r"^(?P<which>[\u4e00-\u9fff]{1,5}?)(?:的?那一?[种类个位家支项场次些份边块]的?(?P<asked>.*)|的)$"
)
_LABEL = re.compile(r"(?<=[:“\"、;])[\u4e00-\u9fff]{3,12}(?=[;。”\"、,（(]|$)")
_LONG = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A name in a question: its words, and where they stand."""

    words: tuple[str, ...]
    start: int

    @property
    def name(self) -> str:
        """Its words together."""
        return "".join(self.words)

    @property
    def end(self) -> int:
        """Where its words end."""
        return self.start + len(self.name)


def slots(text: str, answer: str = "") -> list[Slot]:
    """The names of a normalised question, without its places, documents and what it asks for.

    What the answer to it lists as a label is a name, whatever its words look like.
    """
    return [
        one
        for one in _runs(text, answer)
        if not _PLAN.search(one.name) and not (len(one.words) == 1 and _LEVELLED.match(one.name))
    ]


def _words(text: str, answer: str) -> Iterator[tuple[str, str]]:
    """The words of a text with their parts of speech; labels of the answer are nouns."""
    labels = {one for one in _LABEL.findall(normalise(answer)) if one in text}
    longest = sorted(labels, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest))})", text) if labels else [text]
    for piece in pieces:
        cut = segmenter().cut(piece)
        yield from ((word, "n" if piece in labels else flag) for word, flag in cut)


def _runs(text: str, answer: str) -> Iterator[Slot]:
    places = places_in(text)
    words: list[str] = []
    at = 0
    for word, flag in [*_words(text, answer), ("", "x")]:
        if _names(word, flag, places, begun=bool(words)):
            words.append(word)
        elif words:
            yield Slot(words=tuple(words), start=at - len("".join(words)))
            words = []
        at += len(word)


def _names(word: str, flag: str, places: dict[str, str], *, begun: bool) -> bool:
    acts = word in generic() and flag != "n" and not begun
    if not word or acts or _ASKS.search(word) or word in places:
        return False
    if _POST.search(word) or (begun and any(word in one for one in contrasts())):
        return True
    known = len(word) > 1 or flag.startswith("nr")
    return known and flag.startswith(_NOUNS) and kind_of(word) is None


def siblings(before: str, said: str, answer: str) -> str:
    """The question before of another member of a set that the answer lists: 重大、重点、一般三类.

    Empty where the answer lists no such set, or what is said names none of its members.
    """
    text = normalise(before)
    new = _PARTICLES.sub("", normalise(said))
    for one in _SET.finditer(normalise(answer)):
        members = re.split("[、和及与]", one["members"])
        old = [member for member in members if member in text and member not in new]
        fits = [member for member in members if new.startswith(member)]
        if len(old) == 1 and fits and _follows(new[len(fits[0]) :], old[0], text):
            return text.replace(old[0], fits[0], 1)
    return ""


def _follows(rest: str, old: str, before: str) -> bool:
    """Whether what is said behind a member stands behind the other one too: 项目 of 重点项目."""
    behind = before.partition(old)[2]
    return not rest or behind.startswith(rest)


_SET = re.compile(
    r"(?:分为|分成|包括|设有|分|设|为|[:：,，])(?P<members>[\u4e00-\u9fff]{1,6}(?:[、和及与][\u4e00-\u9fff]{1,6}?)+)"
    r"(?=[两二三四五六七八九]?[类种档级个等组])"
)
"""Members of a set, told one after another and counted or summed up behind them."""

_PARTICLES = re.compile(
    r"^(?:那么?|还有|至于|换成)|(?:的?(?:呢|那[种类个些]|怎么样)?)[?？。!！~ ]*$"
)


def filled(before: str, new: str, answer: str = "") -> list[str]:
    """The question before with a new name in the place of an old one, the likeliest first."""
    text = normalise(before)
    found = slots(text, answer)
    if not found:
        return []
    applies = bool(_APPLICANT.search(new))

    def unlike(one: Slot) -> tuple[bool, bool, int]:
        apart = len(one.words[-1]) == 1 or not new.endswith(one.words[-1])
        return (apart, bool(_APPLICANT.search(one.name)) is not applies, -one.start)

    found.sort(key=unlike)
    first = next((one for one in found if one.name != new), None)
    if first is None:
        return []
    start = _whole_from(text, first, new)
    texts = [f"{text[:start]}{new}{text[first.end :]}"]
    body = _before_post(first)
    if body and _POST.search(new):
        texts.insert(0, f"{text[: first.start]}{body}{new}{text[first.end :]}")
    return texts


def _whole_from(text: str, slot: Slot, new: str) -> int:
    """Where a name begins with what qualifies it: 薄弱的地区 gives way to 枯竭的地区."""
    alike = new.endswith(slot.words[-1]) and "的" in new
    if not alike or not text[: slot.start].endswith("的"):
        return slot.start
    return max(text.rfind(",", 0, slot.start), text.rfind("里", 0, slot.start)) + 1


def post_of(text: str) -> tuple[str, ...]:
    """The post that a name ends in: 主任 of 办公室主任."""
    found = _POST.search(text)
    return (found.group(),) if found else ()


def _before_post(slot: Slot) -> str:
    """The body that somebody holds a post in: 领导小组 of 领导小组组长."""
    post = _POST.search(slot.name)
    return slot.name[: post.start()] if post else ""


def one_of(before: str, said: str) -> list[str]:
    """企业的那种 after 高校联络员: the head of the name before, another word in front of it."""
    found = _ONE_OF.match(said)
    if found is None or _LEVELLED.match(found["which"]) or places_in(found["which"]):
        return []
    text = normalise(before)
    texts: list[str] = []
    for slot in reversed(slots(text)):
        for size in range(1, len(slot.words) + (found["asked"] is not None)):
            head = "".join(slot.words[-size:])
            name = found["which"] + head
            asked = (found["asked"] or "").strip(" 呢?")
            whole = f"{name}{asked}" if asked else text[: slot.start] + name + text[slot.end :]
            if len(head) > 1 and name != slot.name:
                texts.append(whole)
    return texts


def reduced(text: str) -> str:
    """A question whose long names keep only their heads: 服务队 for 省级学会服务队."""
    text = normalise(text)
    for slot in reversed(slots(text)):
        head = slot.words[-1]
        if len(slot.words) > 1 and len(head) >= _LONG:
            text = text[: slot.start] + head + text[slot.end :]
    return text
