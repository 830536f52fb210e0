"""`match`, `pairings` and `orders`: who fits whom and why, what became of it, who took it on."""

import getpass
from enum import StrEnum
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.matching.matches import Match
from core.domain.matching.orders import OrderId, OrderState
from core.domain.matching.pairings import PairingState
from core.domain.moves import has_ended
from core.domain.records import RecordId
from core.services.matching.keeping import MovePairing
from keqiao.bootstrap import Site, open_site
from keqiao.cli.needs import id_of
from keqiao.cli.output import say, say_json

SHOWN = 10
"""How many matches are listed."""
LISTED = 50
"""How many orders are listed."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(match)
    app.command()(pairings)
    app.command()(orders)


def match(
    need_id: Annotated[str | None, typer.Argument(help="需求编号，如 KQ-2026-000123")] = None,
    *,
    text: Annotated[str | None, typer.Option(help="直接给出一段需求描述")] = None,
    record: Annotated[
        str | None, typer.Option(help="资源编号，如 experts/zj-1：反过来找它能帮上的需求")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """为一条需求推荐资源，或为一个资源找需求，并说明理由。"""
    with open_site() as site:
        if record is not None:
            if need_id or text:
                raise BadInputError("--record 不与需求编号、--text 同用")
            _needs(site, record, json=json)
            return
        name, found = _matches(site, need_id, text)
    if json:
        say_json({"need": name, "matches": [_match_json(one) for one in found]})
        return
    for one in found:
        _show(one)


def _needs(site: Site, number: str, *, json: bool) -> None:
    """The needs that a record may help with: for operators, without who handed them in."""
    with site.units() as unit:
        record = unit.records.get(RecordId(number))
    found = site.match_record(record, limit=SHOWN)
    if json:
        rows = [
            {
                **_match_json(one.match),
                "need": one.need.number,
                "problem": one.need.draft.problem,
            }
            for one in found
        ]
        say_json({"record": record.id, "matches": rows})
        return
    for one in found:
        say(f"{one.need.number}  {one.need.draft.problem}")
        _show(one.match)


def _matches(
    site: Site, number: str | None, text: str | None
) -> tuple[str | None, tuple[Match, ...]]:
    from actions.understanding.extract import extract as read

    if (number is None) == (text is None):
        raise BadInputError("请给出需求编号，或用 --text 给出描述")
    if number is None:
        draft = read(text or "", site.clock.now())
        if not (draft.problem or draft.industry):
            raise BadInputError("没有读出技术难题或行业，无法匹配；请把问题说具体一些")
        return None, site.match_need(draft, limit=SHOWN)
    with site.units() as unit:
        need = unit.needs.get(id_of(number))
    if has_ended(need):
        raise BadInputError(f"需求 {need.number} 已经结束，不再推荐")
    return need.number, site.find_matches(need, limit=SHOWN)


def _show(one: Match) -> None:
    from actions.wording import facet, objection, reason

    reasons = "；".join(map(reason, one.reasons))
    say(f"{one.score:.2f}  {one.title}（{one.record_id}）  {reasons}")
    if one.against:
        say(f"      留意：{'；'.join(map(objection, one.against))}")
    if one.missing:
        say(f"      未知：{'、'.join(map(facet, one.missing))}")


def _match_json(one: Match) -> dict[str, object]:
    from actions.wording import facet, objection, reason

    return {
        "library": one.library,
        "id": one.record_id,
        "title": one.title,
        "score": one.score,
        "reasons": [reason(each) for each in one.reasons],
        "missing": [facet(each) for each in one.missing],
        "against": [objection(each) for each in one.against],
        "quotes": [
            {"facet": each.facet, "need": each.need, "record": each.record}
            for each in one.reasons
            if each.need or each.record
        ],
        "weights": one.weights,
    }


class Word(StrEnum):
    """What operators say of a pairing or an order."""

    TALKS = "talks"
    SIGN = "sign"
    END = "end"
    SEND = "send"
    TAKE = "take"
    REFUSE = "refuse"
    DONE = "done"
    CANCEL = "cancel"


PAIRING_WORDS = {
    Word.TALKS: PairingState.IN_TALKS,
    Word.SIGN: PairingState.SIGNED,
    Word.END: PairingState.ENDED,
}
ORDER_WORDS = {
    Word.TAKE: OrderState.TAKEN,
    Word.REFUSE: OrderState.REFUSED,
    Word.DONE: OrderState.DONE,
    Word.CANCEL: OrderState.CANCELLED,
}

Note = Annotated[str, typer.Option(help="说明或原因")]
By = Annotated[str, typer.Option(help="经办人，默认取系统用户名")]


def pairings(
    number: Annotated[str, typer.Argument(help="需求编号")],
    record: Annotated[str | None, typer.Argument(help="资源编号")] = None,
    to: Annotated[Word | None, typer.Argument(help="talks、sign 签约、end 没谈成")] = None,
    *,
    note: Note = "",
    by: By = "",
) -> None:
    """一条需求的对接：列出推荐过的资源及结果；给出资源与去向则推进。签约后 7、30、90 天回访。"""
    need_id = id_of(number)
    with open_site() as site:
        if record is not None:
            state = PAIRING_WORDS.get(to) if to else None
            if state is None:
                raise BadInputError("请给出去向：talks、sign 或 end")
            move = MovePairing(units=site.units, clock=site.clock)
            move(need_id, RecordId(record), state, by=by or getpass.getuser(), note=note)
        with site.units() as unit:
            found = unit.pairings.of(need_id)
    for one in found:
        say(f"{one.state}  {one.record_id}  {one.score:.2f}（{one.weights}）  {one.reason}")


def orders(
    what: Annotated[Word | None, typer.Argument(help="send、take、refuse、done、cancel")] = None,
    number: Annotated[str | None, typer.Argument(help="派单时为需求编号，否则为派单编号")] = None,
    *,
    record: Annotated[str | None, typer.Option(help="派给哪个资源；默认取最合适的")] = None,
    note: Note = "",
    by: By = "",
) -> None:
    """派单：列出最近的派单；派给服务机构，登记接单、拒单、完成。两天不答复自动转给下一家。"""
    from keqiao.pushing import make_orders

    with open_site() as site:
        move = make_orders(site.find_matches)
        if what is Word.SEND:
            asked = RecordId(record) if record else None
            if move.place(id_of(number or ""), asked) is None:
                raise BadInputError("没有合适的资源可派")
        elif what is not None:
            state = ORDER_WORDS.get(what)
            if state is None or not number:
                raise BadInputError("请给出 take、refuse、done、cancel 之一和派单编号")
            order_id = OrderId(int(id_of(number)))
            move(order_id, state, by=by or getpass.getuser(), note=note)
        with site.units() as unit:
            found = unit.orders.newest(LISTED)
    for one in found:
        say(f"{one.number}  {one.state}  {one.record_id}  第{one.round}家  {one.note}")
