"""Small builders of domain objects: a test names only what it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from core.domain.conversations import Address, Button, InboundMessage, Reply, ReplyKind
from core.domain.dates.offsets import Offset
from core.domain.deliveries import OutboundMessage
from core.domain.documents import Answer, Citation, Document, DocumentFacts, DocumentId, Level
from core.domain.matching.matches import Candidate
from core.domain.needs import Budget, Contact, Deadline, Industry, NeedDraft, Region
from core.domain.records import Library, Record
from core.domain.reminders import Anchor, Reminder, ReminderId
from tests.fakes.clock import START

numbers = count(1)

LI = Address(channel="web", user="li")
WANG = Address(channel="web", user="wang")
GROUP = Address(channel="wecom-robot", user="default")

NOTICES: Mapping[str, str] = {
    "text_only": "只能看懂文字消息。",
    "forms_paused": "需求登记暂停，稍后恢复。",
    "message_waits": "已收到，稍后答复。",
    "handed_over": "已转给工作人员。",
}
"""Words for `HandleInbound`."""


def make_message(text: str = "你好", **changes: Any) -> InboundMessage:
    """A text message from LI with a message id of its own."""
    message = InboundMessage(message_id=f"m-{next(numbers)}", address=LI, text=text, said_at=START)
    return replace(message, **changes)


def make_citation(**changes: Any) -> Citation:
    """A citation of 《示例办法》."""
    citation = Citation(
        document="示例办法",
        source="example.txt",
        section="第一章 > 第二条",
        quote="本办法适用于示例单位。",
        document_id=DocumentId("doc-1"),
        start=10,
        end=21,
    )
    return replace(citation, **changes)


def make_reply(text: str = "好的", **changes: Any) -> Reply:
    """A notice."""
    return replace(Reply(kind=ReplyKind.NOTICE, text=text), **changes)


def make_rich_reply() -> Reply:
    """An answer with everything a reply can hold."""
    return Reply(
        kind=ReplyKind.ANSWER,
        text="可以申报。",
        citations=(make_citation(), make_citation(start=40, end=51)),
        buttons=(Button(title="转人工", payload="转人工"),),
    )


def make_outbound(text: str = "好的", **changes: Any) -> OutboundMessage:
    """A message to LI with a key of its own."""
    message = OutboundMessage(key=f"key-{next(numbers)}", address=LI, reply=make_reply(text))
    return replace(message, **changes)


def make_answer(question: str = "能报吗？", **changes: Any) -> Answer:
    """An answer with one citation."""
    answer = Answer(question=question, text="可以申报。", citations=(make_citation(),))
    return replace(answer, **changes)


def make_document(source: str = "example.txt", **changes: Any) -> Document:
    """A document with all its facts."""
    document = Document(
        id=DocumentId(f"doc-{next(numbers)}"),
        source=source,
        digest="0" * 64,
        text="示例办法\n第一条 为了示例，制定本办法。\n",
        facts=DocumentFacts(
            title="示例办法",
            issuer="示例市科协",
            number="示科协发〔2026〕1号",
            region="示例市",
            level=Level.CITY,
            year=2026,
            signed_on=date(2026, 1, 5),
            closes_on=date(2026, 6, 30),
        ),
        ingested_at=START,
    )
    return replace(document, **changes)


def make_record(title: str = "模具变形控制专家", **changes: Any) -> Record:
    """An expert for injection moulding."""
    record = Record(
        library=Library.EXPERTS,
        external_id=f"x-{next(numbers)}",
        title=title,
        summary="注塑成型与翘曲变形分析",
        industries=("新材料产业",),
        keywords=("注塑", "翘曲"),
        modes=("技术咨询",),
        region="江苏省",
        details={"kind": "专家"},
        source="tests",
    )
    return replace(record, **changes)


def make_event(title: str = "新材料项目路演", **changes: Any) -> Record:
    """A roadshow three days after START; registration closes a day before it."""
    record = Record(
        library=Library.EVENTS,
        external_id=f"e-{next(numbers)}",
        title=title,
        industries=("新材料产业",),
        details={"kind": "路演", "place": "科技会堂"},
        starts_at=START + timedelta(days=3),
        closes_at=START + timedelta(days=2),
    )
    return replace(record, **changes)


def make_draft(**changes: Any) -> NeedDraft:
    """A complete need of an injection moulder."""
    draft = NeedDraft(
        problem="注塑产品翘曲变形",
        industry=Industry(labels=("新材料产业",), raw="注塑"),
        region=Region(province="江苏省", city="常州市", raw="常州"),
        budget=Budget(min=Decimal(300000), max=Decimal("500000.50"), raw="30到50万"),
        deadline=Deadline(on=date(2026, 6, 30), raw="六月底前"),
        modes=("技术咨询",),
        contact=Contact(name="李工", phone="13800000000"),
    )
    return replace(draft, **changes)


def make_candidate(record: Record, relevance: float = 0.5, *terms: str) -> Candidate:
    """A recalled record."""
    return Candidate(record_id=record.id, relevance=relevance, terms=terms or ("注塑",))


def make_reminder(record: Record | None = None, **changes: Any) -> Reminder:
    """A reminder for LI one day before an event starts, as the event stands."""
    about = record or make_event()
    starts_at: datetime = about.starts_at or START + timedelta(days=3)
    ahead: timedelta = changes.pop("offset", timedelta(days=1))
    reminder = Reminder(
        id=ReminderId(0),
        address=LI,
        record_id=about.id,
        title=about.title,
        anchor=Anchor.STARTS,
        offset=Offset(ahead=ahead),
        version=about.version,
        due_at=starts_at - ahead,
        expires_at=starts_at,
    )
    return replace(reminder, **changes)
