"""Where the enterprise is: province, city, county; an ambiguous county is said to be so."""

import re
from dataclasses import dataclass, replace
from functools import cache

from actions.understanding.lexicon import everyday_names, institutions, zones
from actions.understanding.places import LONGEST, Place, name_end, names, stems
from actions.understanding.text import Span, before
from core.domain.needs import Region

FILLED = 4
"""Characters of hesitation between a place and one that lies in it."""
NEAR = 12
"""Characters before a place in which a correction speaks of it."""
OWN = re.compile(
    r"(?:我们|我司|公司|企业|位于|地处|坐落|落户|我|本地|改成|应该是|地区|地址|地点|所在地|base)[^,。;]{0,6}$"
)
SITE = re.compile(
    r"(?:工厂|厂子?|分厂|新厂|项目|车间|基地|现场|产线|生产线|工地|矿|电站|实施地?|(?:落|放|建|设|用|安装|改造)在?|需求|问题|设备|样板|试点|想在|要在|打算在|准备在)[^,。;]{0,5}$"
)
"""Where the need is, rather than where the enterprise or the person is."""
SITE_AFTER = re.compile(
    r"^[^,。;]{0,4}(?:设有|建有|有个?|新建)?(?:的)?(?:新|老|分)?(?:工厂|分厂|设厂|建厂|办厂|项目|基地|车间|厂区|现场|生产线|电站|矿)"
)
AWAY = re.compile(
    r"(?:总部|注册地?|集团|母公司|老家|户口|出差|我人|我现在|人在|住在|开会|来自|籍贯|毕业|路过|原来|以前|之前|搬出|回)[^,。;]{0,5}$"
)
AWAY_AFTER = re.compile(
    r"^[^,。;\d]{0,3}(?:出差|开会|上班|上学|读书|老家|总部|注册|毕业|看展|参展|参加|创立|成立|创办|起家)"
)
LIES_IN = re.compile(r"(?:在|位于|来自|地处|坐落于?|落户|于|到|[地址点区][:])\s*$")
"""What shows that an ordinary word is a place."""
LOCATED = re.compile(r"(?:在|位于|来自|地处|坐落于?|落户|于|到|是|的|成|为|[地址点区][:])\s*$")
OTHERS = re.compile(
    r"(?:客户(?!要求|让)|厂家|厂商|原厂|供应商|专家|教授|老师(?![好,您你们啊])|对方|竞争|同行|出口|卖|销往|发往|发到|[运送寄拉][到往去给]|销|市场|分公司|高校|院校|(?<!我们)团队(?!在)|[买购]|采购|进的|引进|委托|请教|找过|去过|参观|看过|考察)[^,。;:]{0,6}$"
)
OTHERS_AFTER = re.compile(
    r"^(?:市|省|区|县)?(?:的|那边的|这边的|当地的|那边|那个|一家|有家|有个)?(?:专家|教授|老师|客户|供应商|厂家|同行|高校|院校|团队|路演|活动|培训|论坛|政策|大赛|展会|市场|产的|买的|进的|生产的)"
    r"|^[^,。;]{0,3}(?:那边|那里|这边)?(?:供货|交货|发货|送货)"
    r"|^那个[^,。;]{0,4}(?:专家|教授|老师|客户|厂|公司|供应商|学校|大学|团队|同行|展)"
)
NOT_THIS = re.compile(r"(?:不是|并非|不在|没在|不属于|而非|别跟|不同于)[^,。;]{0,2}$")
NOT_AFTER = re.compile(r"^(?:市|区|县|那边)?[?？,]?(?:不是(?=[,。?!]|$)|不对|说错|写错|错了|打错)")
LEFT = re.compile(r"从\s*$")
CORRECTION = re.compile(r"改成|改为|不对|说错|弄错|写错|搞错|更正|应该是|不是|搬到|迁到|记错")
EITHER = re.compile(r"^(?:市|区|县)?(?:还是|或者?|要么)\s*$")
JOIN = re.compile(
    r"(?:[\s/·.-]|的|市|省|那边|这边|那个|这个|就是|[嗯呃啊,、]|下面的?|下辖的?){0,2}"
)
BETWEEN = frozenset({"", " ", "/", "·", ".", "-", "、", ",", "\n", "市", "省"})
"""What stands between two names of one place."""
OWN_HEAD = re.compile(
    r"(?:^|我们?(?:是|就是)?|我司|公司|厂子?|那个|就是|[嗯呃啊哦哈]|这里是|这边是?|老家|搬到)\s*$"
)
"""What stands before the name of the place that somebody comes from."""
OWN_TAIL = re.compile(
    r"\s*(?:[,。;!?、(\n]|$|的|做|搞|生产|加工|种|养|开|这边|这里|那边|当地|本地|有[个家]|一家|这个|那个)"
)
"""What follows the name of a county without its 县 or 区."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionReading:
    """What was found; `options` are the places an ambiguous name may mean."""

    region: Region | None = None
    ambiguous: str | None = None
    options: tuple[Region, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    span: Span
    places: tuple[Place, ...]
    score: int = 0


def read_region(text: str, *, asked: bool = False) -> RegionReading:
    """Find the region in a folded text; `asked` when the text answers a question for it."""
    found = _joined(text, _mentions(text, asked=asked))
    mentions = [
        replace(one, score=_score(text, one))
        for at, one in enumerate(found)
        if not _denied(text, one) and not _either(text, found, at)
    ]
    mentions = [one for one in mentions if one.score >= 0]
    if not mentions:
        return RegionReading()
    chosen = _chosen(text, mentions)
    places = _narrowed(chosen, mentions)
    raw = chosen.span.of(text)
    regions = tuple(
        Region(province=p.province, city=p.city, county=p.county, raw=raw) for p in places
    )
    if len(regions) == 1:
        return RegionReading(region=regions[0], span=chosen.span)
    return RegionReading(region=_common(regions), ambiguous=raw, options=regions, span=chosen.span)


def _chosen(text: str, mentions: list[_Mention]) -> _Mention:
    """The place said last where one is corrected, else the one with the best signs."""
    last = mentions[-1]
    if len(mentions) > 1 and CORRECTION.search(
        text, max(mentions[-2].span.end, last.span.start - NEAR), last.span.end
    ):
        return last
    return max(mentions, key=lambda one: one.score)


def _either(text: str, found: list[_Mention], at: int) -> bool:
    """凤泉还是卫滨: neither."""
    pairs = [(at - 1, at), (at, at + 1)]
    return any(
        EITHER.match(text[found[one].span.end : found[two].span.start])
        for one, two in pairs
        if one >= 0 and two < len(found)
    )


def _common(regions: tuple[Region, ...]) -> Region | None:
    """The province of an ambiguous name, where that was said."""
    provinces = {one.province for one in regions}
    if len(provinces) > 1:
        return None
    return Region(province=provinces.pop(), raw=regions[0].raw)


def _mentions(text: str, *, asked: bool) -> list[_Mention]:
    found: list[_Mention] = []
    at = 0
    while at < len(text):
        end = name_end(text, at)
        beside = bool(found) and text[found[-1].span.end : at] in BETWEEN
        places: tuple[Place, ...] = ()
        if end > at:
            places = _meant(text, Span(start=at, end=end), beside=beside, asked=asked)
        if not places and found:
            places, end = _inside(text, at, end, found[-1])
        if places:
            found.append(_Mention(span=_with_zone(text, Span(start=at, end=end)), places=places))
            at = found[-1].span.end
        else:
            at = max(end, at + 1)
    return found


def _inside(text: str, at: int, end: int, outer: _Mention) -> tuple[tuple[Place, ...], int]:
    """A name that is one only after the place it lies in: 佛山南海, 恩施那个巴东."""
    gap = text[outer.span.end : at]
    if end > at and len(gap) <= FILLED and JOIN.fullmatch(gap):
        within = _places_in(names()[text[at:end]].places, outer)
        if within:
            return within, end
    if len(gap) <= 1:
        for stop in range(min(at + LONGEST, len(text)), at + 1, -1):
            within = _places_in(stems().get(text[at:stop], ()), outer)
            if within:
                return within, stop
    return (), end


def _places_in(places: tuple[Place, ...], outer: _Mention) -> tuple[Place, ...]:
    return tuple(one for one in places if any(one.within(wide) for wide in outer.places))


def _meant(text: str, span: Span, *, beside: bool, asked: bool) -> tuple[Place, ...]:
    """The places the name may mean here; none when it is an ordinary word or an institution."""
    name = names()[span.of(text)]
    if not _leads_on(text, span, name.places) and re.match(
        rf"[^,。;\s在有要想]{{0,4}}(?:{institutions()})", text[span.end :]
    ):
        return ()
    zone = _zone_after(text, span)
    cities = tuple(place for place in name.places if place.city and not place.county)
    if zone and cities:
        return tuple(replace(place, county=zone) for place in cities)
    if name.full or beside:
        return _widest(name.places)
    if _leads_on(text, span, name.places):
        return name.places
    return _meant_by_short(text, span, name.places, asked=asked)


def _leads_on(text: str, span: Span, places: tuple[Place, ...]) -> bool:
    """Whether a place inside this one follows at once: 宁德蕉城."""
    end = name_end(text, span.end)
    following = names()[text[span.end : end]].places if end > span.end else ()
    return any(inner.within(wide) and inner != wide for inner in following for wide in places)


def _widest(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Without those that lie in another of the same name."""
    return tuple(
        one for one in places if not any(one != wide and one.within(wide) for wide in places)
    )


def _meant_by_short(
    text: str, span: Span, places: tuple[Place, ...], *, asked: bool
) -> tuple[Place, ...]:
    """The places a name without 省, 市, 县 may mean, when something shows that it is a place."""
    sign = asked or LOCATED.search(before(text, span.start, 4)) is not None
    if span.of(text) in everyday_names():
        sign = asked or LIES_IN.search(before(text, span.start, 4)) is not None
        if not sign:
            return ()
    wide = tuple(place for place in places if place.county is None)
    if wide:
        # 吉林, 海南: the province unless more is said.
        return wide[:1]
    return places if sign or _is_home(text, span, places) else ()


def _is_home(text: str, span: Span, places: tuple[Place, ...]) -> bool:
    """Whether a county is named as home: 我是德化做陶瓷的; of a town of its own, 义乌饰品, too."""
    if not OWN_HEAD.search(before(text, span.start, 6)):
        return False
    town = all((place.county or place.city or "").endswith("市") for place in places)
    return town or OWN_TAIL.match(text, span.end) is not None


def _zone_after(text: str, span: Span) -> str | None:
    """The zone named right after a city, as it is said: 高新区, 火炬高新区."""
    found = _zone().match(text, span.end)
    if found is None or (found["own"] and name_end(text, span.end) > span.end):
        return None
    known = names().get(span.of(text))
    if found["own"] and known and not any(place.city for place in known.places):
        return None  # 湖北的高新区: of which city is not said.
    return found[0]


@cache
def _zone() -> re.Pattern[str]:
    endings = "|".join(sorted(zones(), key=len, reverse=True))
    return re.compile(
        rf"(?P<own>(?:(?![的在做搞是有和与到去])[\u4e00-\u9fff]){{2,4}}?)?(?:{endings})"
    )


def _with_zone(text: str, span: Span) -> Span:
    zone = _zone_after(text, span)
    return Span(start=span.start, end=span.end + len(zone)) if zone else span


def _joined(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Neighbouring names that lie in one another, as one mention: 四川 绵阳 江油."""
    joined: list[_Mention] = []
    for one in mentions:
        last = joined[-1] if joined else None
        if last and JOIN.fullmatch(text[last.span.end : one.span.start]):
            inner = tuple(p for p in one.places if any(p.within(w) for w in last.places))
            # 吉林通化 is the city, not the county of that name.
            inner = tuple(p for p in inner if not p.county) or inner
            if inner:
                span = Span(start=last.span.start, end=one.span.end)
                joined[-1] = _Mention(span=span, places=inner)
                continue
            if all(p.county for p in one.places) and not any(w.county for w in last.places):
                continue  # 湖北 before it: not the county of that name elsewhere
        joined.append(one)
    return joined


def _denied(text: str, mention: _Mention) -> bool:
    head = before(text, mention.span.start, 8)
    if NOT_AFTER.match(text[mention.span.end : mention.span.end + 8]):
        return True
    return NOT_THIS.search(head) is not None or LEFT.search(head) is not None


def _score(text: str, mention: _Mention) -> int:
    head, tail = before(text, mention.span.start, 14), text[mention.span.end :]
    if OTHERS.search(head) or OTHERS_AFTER.match(tail):
        return -1
    depth = max(place.depth for place in mention.places)
    if SITE.search(head) or SITE_AFTER.match(tail):
        return 9 + depth
    if AWAY.search(head) or AWAY_AFTER.match(tail):
        return 0
    own = 4 if OWN.search(head) else 0
    located = 2 if LOCATED.search(head) else 0
    return own + located + depth


def _narrowed(chosen: _Mention, mentions: list[_Mention]) -> tuple[Place, ...]:
    """The places of the chosen name that other names rule in, or the one said inside it."""
    others = [place for one in mentions if one is not chosen for place in one.places]
    if len(chosen.places) == 1:
        deeper = {p for p in others if p.depth > chosen.places[0].depth}
        inner = tuple(p for p in deeper if p.within(chosen.places[0]))
        return inner if len(inner) == 1 else chosen.places
    inside = tuple(p for p in chosen.places if any(p.within(other) for other in others))
    return inside or chosen.places
