"""Places that records serve, compared level by level with where a need is: pure rules."""

import re
from functools import lru_cache

from core.domain.needs import Region

_MUNICIPALITIES = "北京|天津|上海|重庆"
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(
    rf"(?:{_MUNICIPALITIES})市?|[^省市]{{2,3}}省"
    rf"|(?:{_PROVINCES})(?!市|藏族)(?:(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_CITY = re.compile(r"[^市盟]{2,}?(?:市|自治州|地区|盟)|.*[^区县旗]$")
_SUFFIX = re.compile(
    r"(?<=..)(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|自治州|地区|[省市区县盟旗])$"
)
_BETWEEN = re.compile(r"[\s、，,;；/|]+")


@lru_cache(maxsize=4_096)
def serves_in(scope: str, region: Region) -> bool | None:
    """Whether a record of that scope serves the region; None when no level is known of both.

    A scope may name several places; one that serves is enough. Levels that one side does not
    name agree with everything.
    """
    verdicts = [_agree(read_place(place), region) for place in _BETWEEN.split(scope) if place]
    if True in verdicts:
        return True
    return None if None in verdicts or not verdicts else False


def read_place(place: str) -> Region:
    """The levels that one written place names, with or without the words for the levels."""
    found = _PROVINCE.match(place)
    province = found[0] if found else None
    rest = place[len(province or "") :]
    if province and re.match(_MUNICIPALITIES, province):
        return Region(province=province, city=province, county=rest or None, raw=place)
    city = _CITY.match(rest)
    county = rest[city.end() :] if city else rest
    return Region(
        province=province, city=city[0] if city else None, county=county or None, raw=place
    )


def _agree(scope: Region, region: Region) -> bool | None:
    if not scope.province and _same(scope.city, region.county):
        return True  # a city below a city, written alone
    levels = ("province", "city", "county")
    pairs = [(getattr(scope, level), getattr(region, level)) for level in levels]
    known = [_same(one, other) for one, other in pairs if one and other]
    return all(known) if known else None


def _same(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return False
    short, long = sorted((_SUFFIX.sub("", one), _SUFFIX.sub("", other)), key=len)
    return long.startswith(short)


def reaches(scope: str | None, place: str) -> bool:
    """Whether a record of that scope serves a place as people write it; no scope serves all."""
    return scope is None or serves_in(scope, read_place(place)) is True
