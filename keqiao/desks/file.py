"""`desks.yml` in the home folder: which desks there are, whom they serve, when and where."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from actions.understanding.region import read_region
from actions.understanding.text import fold
from core.domain.conversations import Address
from core.domain.desks import Desk, DeskKind, Desks, Hours
from core.domain.errors import BadInputError
from core.domain.needs import Region

FILE = "desks.yml"

WEEKDAYS = "一二三四五六日"

KINDS: Mapping[str, DeskKind] = {
    "企业": DeskKind.ENTERPRISE,
    "高校": DeskKind.UNIVERSITY,
    "学会": DeskKind.SOCIETY,
    "服务机构": DeskKind.AGENCY,
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Hours(_Strict):
    days: Annotated[str, Field(pattern=f"^[{WEEKDAYS}]+$")]
    times: Annotated[tuple[str, ...], Field(min_length=1)]
    closed: tuple[date, ...] = ()


class _Desk(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Literal["企业", "高校", "学会", "服务机构"] | None = None
    region: str | None = None
    told: str | None = None
    hours: _Hours | None = None


class _File(_Strict):
    desks: Annotated[tuple[_Desk, ...], Field(min_length=1)]


def load_desks(home: Path, *, tokens: bool) -> Desks:
    """The desks of the site; without a file the one for everybody.

    That one nobody attends, unless there are `tokens` of people who may look at it.

    Raises:
        BadInputError: the file cannot be used; says what is wrong with which desk.
    """
    path = home / FILE
    if path.exists():
        return read_desks(path.read_text("utf-8"), str(path))
    built_in = (files("keqiao.desks") / "default.yml").read_text("utf-8")
    (desk,) = read_desks(built_in, "default.yml").all
    return Desks(all=(replace(desk, attended=tokens),))


def read_desks(text: str, name: str) -> Desks:
    """Read a file's text.

    Raises:
        BadInputError: as with `load_desks`.
    """
    try:
        parsed = _File.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadInputError(f"{name} 不是有效的 YAML：{str(error).splitlines()[0]}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInputError(f"{name} 的 {where} 不可用：{first['msg']}") from None
    names = [desk.name for desk in parsed.desks]
    if len(set(names)) < len(names):
        raise BadInputError(f"{name} 里有同名的联络台，请改成不同的名称")
    return Desks(all=tuple(_desk(desk, name) for desk in parsed.desks))


def region_of(text: str) -> Region | None:
    """The one region that a text names; None when it names none, or one that may be several."""
    return read_region(fold(text)).region


def _desk(desk: _Desk, name: str) -> Desk:
    where = f"{name} 的联络台“{desk.name}”"
    region = None
    if desk.region is not None:
        region = read_region(fold(desk.region), asked=True).region
        if region is None:
            raise BadInputError(f"{where}：看不懂地区“{desk.region}”，请写全，如 江苏省常州市")
    try:
        told = Address.parse(desk.told) if desk.told is not None else None
    except BadInputError:
        raise BadInputError(
            f"{where}：told 要写成 渠道:用户，如 wecom-robot:default 或 webhook:default/liaisons"
        ) from None
    hours = _hours(desk.hours, where) if desk.hours else None
    kind = KINDS[desk.kind] if desk.kind else None
    return Desk(name=desk.name, kind=kind, region=region, told=told, hours=hours)


def _hours(hours: _Hours, where: str) -> Hours:
    spans = sorted(_span(text, where) for text in hours.times)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise BadInputError(f"{where}：办公时间有重叠")
    return Hours(
        days=frozenset(WEEKDAYS.index(day) + 1 for day in hours.days),
        spans=tuple(spans),
        closed=frozenset(hours.closed),
    )


def _span(text: str, where: str) -> tuple[time, time]:
    begin, _, end = text.partition("-")
    try:
        span = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        span = time.max, time.min
    if span[0] >= span[1] or any(one.tzinfo for one in span):
        raise BadInputError(f"{where}：看不懂办公时间“{text}”，请写成 09:00-12:00")
    return span
