"""Labelled needs, and what the readers make of them: precision, recall and F1 a slot, speed."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.understanding.extract import read, to_json, warm_up
from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI
from keqiao.evaluation.retrieval import percentile
from keqiao.evaluation.slots import CONTACT_PARTS, SLOTS, Tally, slot_tallies
from keqiao.jsonl import JsonLine, json_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledNeed:
    """One line of a set: what was said when, and what belongs into the slots."""

    id: str
    now: datetime
    text: str
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMark:
    """What was read from one need, and what holds of it slot by slot."""

    need: LabelledNeed
    given: Mapping[str, Any]
    tallies: Mapping[str, Tally]
    elapsed_ms: float

    @property
    def faults(self) -> tuple[str, ...]:
        """The slots with something missing, wrong or invented."""
        return tuple(name for name, tally in self.tallies.items() if not tally.clean)

    def versus(self, slot: str) -> tuple[object, object]:
        """What was expected of a slot and what was read."""
        if slot in CONTACT_PARTS:
            return self.need.expect["contact"][slot], (self.given["contact"] or {}).get(slot)
        return self.need.expect[slot], self.given["cooperation_mode" if slot == "modes" else slot]


def read_labelled(path: Path) -> list[LabelledNeed]:
    """The needs of a file, in order.

    Raises:
        BadInputError: the file or a line cannot be read, or two needs have one id.
    """
    needs = [_labelled(line, path) for line in json_lines(path)]
    if not needs:
        raise BadInputError("没有可用的需求：请给出至少一行需求的 .jsonl 文件")
    for name, times in Counter(one.id for one in needs).items():
        if times > 1:
            raise BadInputError(f"编号 {name} 出现了 {times} 次，请改为各不相同")
    return needs


def _labelled(line: JsonLine, path: Path) -> LabelledNeed:
    expect = line.fields.get("expect")
    if not isinstance(expect, dict):
        raise BadInputError(f"{path.name}：第 {line.number} 行缺少 expect")
    try:
        now = datetime.fromisoformat(line.text("now"))
        need_id, text = line.text("id"), line.text("text")
    except BadInputError as error:
        raise BadInputError(f"{path.name}：{error}") from error
    except ValueError as error:
        raise BadInputError(f"{path.name}：第 {line.number} 行的 now 不是 ISO 时间") from error
    if now.tzinfo is None:
        now = now.replace(tzinfo=SHANGHAI)
    return LabelledNeed(id=need_id, now=now, text=text, expect=expect)


def mark_all(needs: Sequence[LabelledNeed], say: Callable[[str], None]) -> list[NeedMark]:
    """Read every need at its own moment and judge the slots, the readers being warm."""
    say(f"读取 {len(needs)} 条需求……")
    warm_up(needs[0].now)
    return [_mark(one) for one in needs]


def _mark(need: LabelledNeed) -> NeedMark:
    began = time.perf_counter()
    reading = read(need.text, need.now)
    elapsed_ms = (time.perf_counter() - began) * 1000
    given = to_json(reading.draft) | {"ask": list(reading.ask)}
    tallies = slot_tallies(need.expect, given)
    return NeedMark(need=need, given=given, tallies=tallies, elapsed_ms=elapsed_ms)


def figures(marks: Sequence[NeedMark]) -> dict[str, Any]:
    """By slot and over all: precision, recall, F1, how many values are invented; and the speed.

    Shares are 0 to 1, to four places, None without a case; times are milliseconds a need.
    """
    slots = {name: sum((one.tallies[name] for one in marks), Tally()) for name in SLOTS}
    times = [one.elapsed_ms for one in marks]
    return {
        "needs": len(marks),
        "slots": {name: tally.figures() for name, tally in slots.items()},
        "micro": sum(slots.values(), Tally()).figures(),
        "clean": sum(not one.faults for one in marks),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(percentile(times, 0.99), 2),
    }
