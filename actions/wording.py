"""Names, dates and money as people read them; the words are in words.yml."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from core.domain.matching.matches import Facet, Match, Objection, Reason
from core.domain.needs import FIELDS, Budget, Contact, Industry, NeedDraft, NeedStatus
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, Anchor, anchor_of, instant_of

QUOTED = (Facet.TEXT, Facet.SPECIALITY)
"""Reasons whose words of both sides are shown."""


@cache
def words() -> Mapping[str, Any]:
    """The word file."""
    text = (files("actions") / "words.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def day(on: date) -> str:
    """2026年12月3日（星期四）."""
    weekday = words()["weekdays"][on.weekday()]
    return str(words()["day"]).format(year=on.year, month=on.month, day=on.day, weekday=weekday)


def moment(at: datetime) -> str:
    """2026年12月3日（星期四）14:00, in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return str(words()["moment"]).format(day=day(local.date()), time=f"{local:%H:%M}")


def span(start: datetime, end: datetime | None) -> str:
    """2026年12月3日（星期四）14:00至16:00; the day of the end only where it is another."""
    if end is None:
        return moment(start)
    local = end.astimezone(SHANGHAI)
    same = local.date() == start.astimezone(SHANGHAI).date()
    shown = f"{local:%H:%M}" if same else moment(end)
    return str(words()["span"]).format(start=moment(start), end=shown)


def when(record: Record, now: datetime, of: Anchor | None = None, *, phase: str = "") -> str:
    """When an event starts, or when a call closes; and that one may register no more.

    With `of`, when that is, such as the phase of that name.
    """
    anchor = of or anchor_of(record)
    at = instant_of(record, anchor, phase=phase)
    if anchor is None or at is None:
        return ""
    if anchor is Anchor.PHASE:
        return str(words()["when"]["phase"]).format(name=phase, moment=moment(at))
    shown = str(words()["when"][str(anchor)]).format(moment=moment(at))
    closed = record.closes_at
    if closed is None or closed > now or closed == at:
        return shown
    return str(words()["when"]["registration_over"]).format(when=shown, day=_day_of(closed))


def ended(record: Record) -> str:
    """已于11月10日（星期二）截止."""
    anchor, at = anchor_of(record), instant_of(record)
    if anchor is None or at is None:
        return ""
    return str(words()["ended"][str(anchor)]).format(day=_day_of(at))


def _day_of(at: datetime) -> str:
    return day(at.astimezone(SHANGHAI).date())


def money(budget: Budget) -> str:
    """约80万元, 30万元至40万元, 50万元以内."""
    low, high = _sum(budget.min, budget.currency), _sum(budget.max, budget.currency)
    if budget.min is None:
        pattern = "at_most"
    elif budget.max is None:
        pattern = "at_least"
    elif budget.min != budget.max:
        pattern = "range"
    else:
        pattern = "about" if budget.approx else "exact"
    return str(words()["money"][pattern]).format(low=low, high=high)


def _sum(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return ""
    yuan = words()["currencies"].get(currency, currency)
    for size, name in words()["units"]:
        if amount >= size and not amount % (Decimal(size) / 100):
            return f"{_plain(amount / size)}{name}{yuan}"
    return f"{_plain(amount)}{yuan}"


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def contact(one: Contact) -> str:
    """张三，电话 13800001234."""
    known = ((name, getattr(one, name)) for name in ("name", "phone", "wechat", "email"))
    parts = [str(words()["contact"][name]).format(value=value) for name, value in known if value]
    return join(parts)


def join(parts: Iterable[str]) -> str:
    """Parts of a list."""
    return str(words()["join"]).join(parts)


def field_name(name: str) -> str:
    """What a field of a draft is called."""
    return str(words()["fields"][name])


def field_value(draft: NeedDraft, name: str) -> str:
    """A field of a draft as its person reads it."""
    if not getattr(draft, name):
        return str(words()["unsaid"])
    shown = {
        "problem": lambda: problem(draft.problem or "", draft.indicators),
        "industry": lambda: industry(draft.industry) if draft.industry else "",
        "region": lambda: _region(draft),
        "modes": lambda: join(draft.modes),
        "budget": lambda: money(draft.budget) if draft.budget else "",
        "deadline": lambda: day(draft.deadline.on) if draft.deadline else "",
        "contact": lambda: contact(draft.contact) if draft.contact else "",
    }
    return shown[name]()


def problem(said: str, indicators: Iterable[str]) -> str:
    """产品老是开裂（耐温600度）: the problem, and indicators that were said beside it."""
    beside = [one for one in indicators if one not in said]
    if not beside:
        return said
    return str(words()["problem"]).format(problem=said, indicators=join(beside))


def industry(one: Industry) -> str:
    """注塑（高端装备制造、新材料）."""
    raw, labels = one.raw, join(one.labels)
    return f"{raw}（{labels}）" if raw and labels else raw or labels


def _region(draft: NeedDraft) -> str:
    return (draft.region.name or draft.region.raw) if draft.region else ""


def field_line(draft: NeedDraft, name: str) -> str:
    """预算：80万元."""
    return str(words()["field_line"]).format(name=field_name(name), value=field_value(draft, name))


def summary(draft: NeedDraft) -> str:
    """Every field of a draft, a line each."""
    return "\n".join(field_line(draft, name) for name in FIELDS)


def library(name: Library) -> str:
    """What a library is called."""
    return str(words()["libraries"][str(name)])


def matches(found: Iterable[Match], draft: NeedDraft) -> str:
    """Matches as a numbered list with reasons, and what is not known on either side."""
    return "\n".join(_match(number, one, draft) for number, one in enumerate(found, start=1))


def reason(one: Reason) -> str:
    """A reason in one phrase: the facet and what both sides share."""
    name = words()["facets"][str(one.facet)]
    shown = _evidence(one)
    return str(words()["match"]["reason"].format(facet=name, evidence=shown))


def _evidence(one: Reason) -> str:
    if one.facet is Facet.BUDGET:
        low, high = (Decimal(end) if end else None for end in one.evidence.split("-"))
        return money(Budget(min=low, max=high))
    pattern = str(words()["values"].get(str(one.facet), "{value}"))
    return pattern.format(value=one.evidence)


def objection(one: Objection) -> str:
    """What speaks against a match, in one phrase."""
    patterns = words()["match"]["told" if one.told else "objections"]
    return str(patterns[str(one.facet)]).format(evidence=one.evidence)


def facet(name: Facet) -> str:
    """What a facet is called where nothing is known of it."""
    return str(words()["gaps"][str(name)])


def _match(number: int, one: Match, draft: NeedDraft) -> str:
    parts = words()["match"]
    reasons = [reason(r) for r in one.reasons]
    lines = [
        parts["line"].format(n=number, title=one.title, library=library(one.library)),
        parts["reasons"].format(reasons=words()["separator"].join(reasons)),
    ]
    quoted = next((r for r in one.reasons if r.facet in QUOTED and r.need and r.record), None)
    if quoted is not None:
        lines.append(parts["quotes"].format(need=quoted.need, record=quoted.record))
    if one.against:
        told = words()["separator"].join(map(objection, one.against))
        lines.append(parts["against"].format(objections=told))
    return "\n".join([*lines, *_gaps(one, draft)])


def _gaps(one: Match, draft: NeedDraft) -> list[str]:
    """What the person may add, and what the other side does not say of what the person said."""
    said = {
        Facet.INDUSTRY: draft.industry,
        Facet.REGION: draft.region,
        Facet.MODE: draft.modes,
        Facet.BUDGET: draft.budget,
    }
    missing = [gap for gap in one.missing if gap in said]
    lines = []
    for name, gaps in (
        ("to_add", [gap for gap in missing if not said[gap]]),
        ("unstated", [gap for gap in missing if said[gap]]),
    ):
        if gaps:
            lines.append(words()["match"][name].format(gaps=join(map(facet, gaps))))
    return lines


def records(found: Iterable[Record], *, summaries: bool = False) -> str:
    """Events or calls as a numbered list with absolute times, and what they are about."""
    shown = []
    for number, one in enumerate(found, start=1):
        shown.append(_record(number, one))
        if summaries:
            parts = (("about", one.summary), ("who", one.details.get("eligibility", "")))
            shown += [words()["event"][name].format(value=value) for name, value in parts if value]
    return "\n".join(shown)


def resources(found: Iterable[Record]) -> str:
    """Records of any library as a numbered list: title, whose it is, what it is about."""
    return "\n".join(_resource(number, one) for number, one in enumerate(found, start=1))


def _resource(number: int, one: Record) -> str:
    parts = words()["resource"]
    whose = (library(one.library), one.organisation or "")
    lines = [parts["line"].format(n=number, title=one.title, whose=join(filter(None, whose)))]
    if one.summary:
        longest = parts["longest"]
        cut = one.summary[:longest] + ("…" if len(one.summary) > longest else "")
        lines.append(parts["about"].format(value=cut))
    lines += [parts["link"].format(value=link) for link in (one.details.get("link"),) if link]
    return "\n".join(lines)


def _record(number: int, one: Record) -> str:
    parts = words()["event"]
    kind = one.details.get("kind", "")
    shown_kind = parts["kind"].format(kind=kind) if kind and kind not in one.title else ""
    lines = [parts["line"].format(n=number, kind=shown_kind, title=one.title)]
    if one.starts_at:
        lines.append(parts["starts"].format(moment=span(one.starts_at, one.ends_at)))
    lines += [
        parts[name].format(value=one.details[name])
        for name in ("place", "link", "organiser")
        if one.details.get(name)
    ]
    if one.closes_at:
        closes = "closes_call" if one.library is Library.CALLS else "closes_event"
        lines.append(parts[closes].format(moment=moment(one.closes_at)))
    lines += [parts["phase"].format(name=it.name, moment=moment(it.at)) for it in one.phases]
    return "\n".join(lines)


def need_status(status: NeedStatus) -> str:
    """Where a need is, in plain words."""
    return str(words()["need_status"][str(status)])
