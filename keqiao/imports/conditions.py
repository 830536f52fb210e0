"""On what conditions those behind a record work, as people write it in spreadsheets."""

import re
from collections.abc import Callable, Mapping

from core.domain.errors import BadRowError
from core.domain.records import Conditions
from keqiao.imports.tables import Value
from keqiao.imports.values import flag_of, list_of, text_of

_SUM = re.compile(
    r"(?:约|[¥￥])?\s*(\d[\d,，]*(?:\.\d+)?)\s*(万|亿|千)?\s*(?:元|人民币)?\s*(?:以上|起)?"
)
_NUMBER = r"(?:约|[¥￥])?\s*\d[\d,，]*(?:\.\d+)?"
_BETWEEN = re.compile(
    rf"({_NUMBER})\s*(万|亿|千)?\s*元?\s*[-–—~～至到]\s*({_NUMBER})\s*(万|亿|千)?\s*(?:元|人民币)?"
)
_AT_MOST = re.compile(
    rf"(?:不超过|不高于|最多|至多)\s*({_NUMBER}\s*[万亿千]?)\s*元?|({_NUMBER}\s*[万亿千]?)\s*元?(?:以内|以下)"
)
_SIZES = {None: 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(?:个)?\s*(天|日|周|星期|月|年)?")
_DAYS = {None: 1, "天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}
_LEVEL = re.compile(r"(?:TRL)?\s*[-–:：]?\s*(\d)\s*级?", re.IGNORECASE)
_STAGES = {
    "实验室": 4, "小试": 4, "样机": 6, "中试": 6, "小批量": 7, "批量": 8, "产业化": 9, "量产": 9
}  # fmt: skip
"""Stages that people name in place of a level, as the readiness scale describes its levels."""
_HIGHEST = 9
_DOUBTFUL = frozenset({"", "未知", "不详", "待定", "未确认", "面议", "不限", "无"})


def conditions_of(known: Mapping[str, Value], label: Callable[[str], str]) -> Conditions:
    """What a row says of them; `label` names a column for the operator.

    Raises:
        BadRowError: a cell cannot be read, or the sums are the wrong way round.
    """
    consent = text_of(known.get("consent"))
    least, most = _range(known.get("budget"), label("budget"))
    least = _sum(known.get("budget_min"), label("budget_min")) if least is None else least
    most = _sum(known.get("budget_max"), label("budget_max")) if most is None else most
    if least is not None and most is not None and least > most:
        raise BadRowError(f"“{label('budget_min')}”大于“{label('budget_max')}”：{least} > {most}")
    return Conditions(
        consent=None if consent in _DOUBTFUL else _agreed(consent),
        budget_min=least,
        budget_max=most,
        accepts=list_of(known.get("accepts")),
        trl=_level(known.get("trl"), label("trl")),
        lead_days=_days(known.get("lead_days"), label("lead_days")),
    )


def _agreed(text: str) -> bool:
    return flag_of(text) or text in {"同意", "愿意", "已同意", "已授权", "有", "可以"}


def _sum(value: Value, label: str) -> int | None:
    text = text_of(value)
    if text in _DOUBTFUL:
        return None
    found = _SUM.fullmatch(text)
    if found is None:
        raise BadRowError(f"“{label}”不是可识别的金额：{text[:40]}，请写成 200000 或 20万")
    return round(float(re.sub("[,，]", "", found[1])) * _SIZES[found[2]])


def _range(value: Value, label: str) -> tuple[int | None, int | None]:
    """30-50万, 50万以上, 不超过100万, 50万: the least and the most."""
    text = text_of(value)
    if text in _DOUBTFUL:
        return None, None
    if found := _BETWEEN.fullmatch(text):
        low, small, high, size = found.groups()
        return _sum(f"{low}{small or size or ''}", label), _sum(f"{high}{size or ''}", label)
    if found := _AT_MOST.fullmatch(text):
        return None, _sum(found[1] or found[2], label)
    amount = _sum(value, label)
    return amount, None if text.endswith(("以上", "起")) else amount


def _days(value: Value, label: str) -> int | None:
    text = text_of(value)
    if text in _DOUBTFUL:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise BadRowError(f"“{label}”不是可识别的时间：{text[:40]}，请写成 30天 或 3个月")
    return round(float(found[1]) * _DAYS[found[2]])


def _level(value: Value, label: str) -> int | None:
    text = text_of(value)
    if text in _DOUBTFUL:
        return None
    found = _LEVEL.fullmatch(text)
    level = int(found[1]) if found else next((n for s, n in _STAGES.items() if s in text), 0)
    if not 1 <= level <= _HIGHEST:
        raise BadRowError(f"“{label}”应为 1 到 {_HIGHEST} 级：{text[:40]}")
    return level
