"""Where the enterprise is: province, city, county; an ambiguous county is said to be so."""

import re
from dataclasses import dataclass, replace

from actions.understanding.lexicon import everyday_names, institutions, zones
from actions.understanding.places import Place, names
from actions.understanding.text import Span, before
from core.domain.needs import Region

LONGEST = 16
OWN = re.compile(
    r"(?:我们|我司|公司|厂|企业|位于|地处|坐落|落户|总部|注册|我|本地|改成|应该是|地区|所在地)[^,。;]{0,6}$"
)
LOCATED = re.compile(r"(?:在|位于|来自|地处|坐落于?|落户|于|到|是|的|成|为)\s*$")
OTHERS = re.compile(
    r"(?:客户|供应商|专家|教授|老师|对方|竞争|出口|卖|销往|发往|发到|[运送寄拉]|市场|分公司|高校|院校|团队|买|采购)[^,。;]{0,6}$"
)
OTHERS_AFTER = re.compile(
    r"^(?:市|省|区|县)?(?:的|那边的|这边的|当地的)?(?:专家|教授|老师|客户|供应商|高校|院校|团队|路演|活动|培训|论坛|政策|大赛)"
)
NOT_THIS = re.compile(r"(?:不是|并非|不在|没在|不属于|而非)[^,。;]{0,2}$")
LEFT = re.compile(r"从\s*$")
CORRECTION = re.compile(r"改成|改为|不对|说错|弄错|更正|应该是|不是|搬到|迁到|记错")
JOIN = re.compile(r"(?:[\s/·-]|的|市|省)?")


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
    mentions = [
        replace(one, score=_score(text, one))
        for one in _joined(text, _mentions(text, asked=asked))
        if not _denied(text, one)
    ]
    mentions = [one for one in mentions if one.score >= 0]
    if not mentions:
        return RegionReading()
    chosen = mentions[-1] if CORRECTION.search(text) else max(mentions, key=lambda one: one.score)
    places = _narrowed(chosen, mentions)
    raw = chosen.span.of(text)
    regions = tuple(
        Region(province=p.province, city=p.city, county=p.county, raw=raw) for p in places
    )
    if len(regions) == 1:
        return RegionReading(region=regions[0], span=chosen.span)
    return RegionReading(ambiguous=raw, options=regions, span=chosen.span)


def _mentions(text: str, *, asked: bool) -> list[_Mention]:
    found: list[_Mention] = []
    known, at = names(), 0
    while at < len(text):
        end = next(
            (e for e in range(min(at + LONGEST, len(text)), at + 1, -1) if text[at:e] in known), at
        )
        if end == at:
            at += 1
            continue
        span = Span(start=at, end=end)
        beside = bool(found) and found[-1].span.end >= at - 1
        places = _meant(text, span, beside=beside, asked=asked)
        if places:
            found.append(_Mention(span=_with_zone(text, span), places=places))
            end = found[-1].span.end
        at = end
    return found


def _meant(text: str, span: Span, *, beside: bool, asked: bool) -> tuple[Place, ...]:
    """The places the name may mean here; none when it is an ordinary word or an institution."""
    name = names()[span.of(text)]
    if re.match(rf"[^,。;\s在有要想]{{0,4}}(?:{institutions()})", text[span.end :]):
        return ()
    zone = _zone_after(text, span)
    cities = tuple(place for place in name.places if place.city and not place.county)
    if zone and cities:
        return tuple(replace(place, county=zone) for place in cities)
    if name.full or beside:
        return name.places
    return _meant_by_short(text, span, name.places, asked=asked)


def _meant_by_short(
    text: str, span: Span, places: tuple[Place, ...], *, asked: bool
) -> tuple[Place, ...]:
    """The places a name without 省, 市, 县 may mean, when something shows that it is a place."""
    sign = asked or LOCATED.search(before(text, span.start, 4)) is not None
    if span.of(text) in everyday_names() and not sign:
        return ()
    wide = tuple(place for place in places if place.county is None)
    if wide:
        # 吉林, 海南: the province unless more is said.
        return wide[:1]
    return places if sign or _begins_clause(text, span) else ()


def _begins_clause(text: str, span: Span) -> bool:
    return not before(text, span.start, 2).strip() and text[span.end : span.end + 1] in {"的", ""}


def _zone_after(text: str, span: Span) -> str | None:
    return next((zone for zone in zones() if text.startswith(zone, span.end)), None)


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
    return NOT_THIS.search(head) is not None or LEFT.search(head) is not None


def _score(text: str, mention: _Mention) -> int:
    head = before(text, mention.span.start, 14)
    if OTHERS.search(head) or OTHERS_AFTER.match(text[mention.span.end :]):
        return -1
    own = 4 if OWN.search(head) else 0
    located = 2 if LOCATED.search(head) else 0
    return own + located + max(place.depth for place in mention.places)


def _narrowed(chosen: _Mention, mentions: list[_Mention]) -> tuple[Place, ...]:
    """The places of the chosen name that other names in the text do not rule out."""
    if len(chosen.places) == 1:
        return chosen.places
    others = [place for one in mentions if one is not chosen for place in one.places]
    inside = tuple(p for p in chosen.places if any(p.within(other) for other in others))
    return inside or chosen.places
