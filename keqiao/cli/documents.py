"""`documents`: what the knowledge base holds, what was read from it, and corrections of that."""

from dataclasses import asdict
from datetime import date, time
from typing import Annotated

import typer

from core.domain.documents import (
    Document,
    DocumentEntry,
    DocumentFacts,
    Edit,
    Kind,
    Level,
    Standing,
    standing_of,
)
from core.domain.reminders import SHANGHAI
from core.services.documents import EditDocument, ListDocuments, RemoveDocument, ShowDocument
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import say, say_json

app = typer.Typer(help="查看、更正和移除知识库里的文档。")

STANDINGS = {
    Standing.CURRENT: "现行",
    Standing.EXPIRED: "已过期",
    Standing.SUPERSEDED: "已有新版",
}
NAMES = {
    "title": "标题",
    "issuer": "发布单位",
    "number": "文号",
    "region": "地区",
    "level": "层级",
    "kind": "文种",
    "year": "年度",
    "signed_on": "成文日期",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "opens_on": "申报开始",
    "closes_on": "申报截止",
    "closes_at": "截止时刻",
    "expires_on": "有效期至",
    "superseded_by": "新版文件",
    "contact": "联系人",
    "phone": "电话",
    "email": "邮箱",
    "address": "地址",
    "quota": "名额",
    "total": "合计有误",
}
VALUES = {
    Level.NATIONAL: "国家级",
    Level.PROVINCIAL: "省级",
    Level.CITY: "市级",
    Kind.PLAN: "计划",
    Kind.CALL: "申报",
    Kind.RULES: "办法",
    Kind.STANDARD: "标准",
    Kind.LIST: "名单",
    Kind.NOTICE: "通知",
    Kind.REPORT: "报告",
}
_LONGEST_QUOTE = 60

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Source = Annotated[str, typer.Argument(help="入库时的文件名")]
Name = Annotated[str, typer.Argument(help="要素名，如 closes_on、expires_on、issuer、number")]
PartNumber = Annotated[int, typer.Option("--part", min=0, help="第几个附件；0 为正文或全文")]


@app.callback(invoke_without_command=True)
def documents(context: typer.Context, *, json: Json = False) -> None:
    """列出全部文档：文件名、标题、效力、日期。"""
    if context.invoked_subcommand is not None:
        return
    with open_site() as site:
        today = _today(site)
        for entry in ListDocuments(units=site.units)():
            if json:
                say_json(_entry_json(entry, today))
            else:
                say(_entry_line(entry, today))


@app.command("show")
def show(source: Source, *, json: Json = False) -> None:
    """逐项列出从一份文档读出的要素及其原文。"""
    with open_site() as site:
        _show(ShowDocument(units=site.units)(source), _today(site), json=json)


@app.command("set")
def set_(
    source: Source,
    name: Name,
    value: Annotated[str, typer.Argument(help="新值；日期写作 2026-11-21，时刻写作 17:00")],
    *,
    part: PartNumber = 0,
    json: Json = False,
) -> None:
    """人工修改一项要素；重新入库后仍然有效，直到 unset。"""
    with open_site() as site:
        edit = EditDocument(units=site.units, knowledge=site.knowledge)
        document = edit(source, Edit(name=name, value=value, part=part))
        _show(document, _today(site), json=json)


@app.command("unset")
def unset(source: Source, name: Name, *, part: PartNumber = 0, json: Json = False) -> None:
    """撤销人工修改，恢复从原文读出的值。"""
    with open_site() as site:
        edit = EditDocument(units=site.units, knowledge=site.knowledge)
        _show(edit.unset(source, name, part), _today(site), json=json)


@app.command("remove")
def remove(source: Source, *, json: Json = False) -> None:
    """移除一份文档及其旧版；指向它的引用将打不开。"""
    with open_site() as site:
        RemoveDocument(units=site.units, knowledge=site.knowledge)(source)
    if json:
        say_json({"source": source, "removed": True})
    else:
        say(f"已移除  {source}")


def _today(site: Site) -> date:
    return site.clock.now().astimezone(SHANGHAI).date()


def _entry_json(entry: DocumentEntry, today: date) -> dict[str, object]:
    return {
        "id": entry.id,
        "source": entry.source,
        "standing": standing_of(entry.facts, today),
        "editions": entry.editions,
        "ingested_at": entry.ingested_at,
        "facts": asdict(entry.facts),
    }


def _entry_line(entry: DocumentEntry, today: date) -> str:
    facts = entry.facts
    days = [
        f"{NAMES[name]} {value}"
        for name in ("signed_on", "closes_on", "expires_on", "superseded_by")
        if (value := getattr(facts, name)) is not None
    ]
    older = f"（另存旧版 {entry.editions} 份）" if entry.editions else ""
    head = f"{STANDINGS[standing_of(facts, today)]}  {entry.source}  《{facts.title}》{older}"
    return "  ".join((head, "，".join(days))) if days else head


def _show(document: Document, today: date, *, json: bool) -> None:
    if json:
        say_json(_document_json(document, today), indent=2)
        return
    say(f"{document.source}  {STANDINGS[standing_of(document.facts, today)]}")
    for name, value in _facts(document.facts).items():
        say(f"  {NAMES[name]}：{value}{_edited(document, name, 0)}")
    for at, part in enumerate(document.parts):
        say(f"〔{at}〕{part.facts.title}  {STANDINGS[standing_of(part.facts, today)]}")
        own = {one.name for one in document.readings if one.part == at}
        own |= {one.name for one in document.edits if one.part == at}
        for name, value in _facts(part.facts).items():
            if at and name in own and name != "title":
                say(f"  {NAMES[name]}：{value}{_edited(document, name, at)}")
    say("原文：")
    for reading in document.readings:
        quote = " ".join(document.text[reading.start : reading.end].split())
        details = "，".join(f"{name} {value}" for name, value in reading.details)
        said = f"{reading.value}（{details}）" if details else reading.value
        say(f"  〔{reading.part}〕{NAMES.get(reading.name, reading.name)}：{said}")
        say(f"    “{quote[:_LONGEST_QUOTE]}{'…' if len(quote) > _LONGEST_QUOTE else ''}”")


def _facts(facts: DocumentFacts) -> dict[str, str]:
    told = {name: getattr(facts, name, None) for name in NAMES}
    return {
        name: VALUES.get(value, f"{value:%H:%M}" if isinstance(value, time) else str(value))
        for name, value in told.items()
        if value is not None
    }


def _edited(document: Document, name: str, part: int) -> str:
    edited = any((one.name, one.part) == (name, part) for one in document.edits)
    return "（人工修改）" if edited else ""


def _document_json(document: Document, today: date) -> dict[str, object]:
    return {
        "id": document.id,
        "source": document.source,
        "standing": standing_of(document.facts, today),
        "facts": asdict(document.facts),
        "edits": [asdict(edit) for edit in document.edits],
        "parts": [
            {"part": at, "standing": standing_of(part.facts, today), **asdict(part)}
            for at, part in enumerate(document.parts)
        ],
        "readings": [
            {**asdict(one), "quote": document.text[one.start : one.end]}
            for one in document.readings
        ],
    }
