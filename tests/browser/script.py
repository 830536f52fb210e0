"""What the scripted bot says, and the documents it cites."""

import threading
from collections.abc import Mapping
from datetime import date
from typing import override

from core.domain.conversations import Button, InboundMessage, Reply, ReplyKind
from core.domain.documents import Citation, Document, DocumentFacts, DocumentId, Level
from core.ports.unit_of_work import Units
from tests.fakes.clock import START
from tests.fakes.dialogue import FakeDialogue

QUOTE = "申报单位应当在受理期内登录系统填报，逾期不予受理；每家单位限报一项。"
TEXT = "\n".join(
    (
        "青澜市科协揭榜挂帅项目申报指南",
        "各区科协、各有关单位：",
        "为贯彻落实创新驱动发展战略，支持企业会同高校院所攻克关键技术难题，现将有关事项通知如下。",
        "一、支持方向",
        *(
            f"（{n}）面向{field}领域的关键共性技术攻关。" * 2
            for n, field in enumerate(
                ("新材料", "高端装备", "电子信息", "生物医药", "节能环保", "新能源汽车"), 1
            )
        ),
        "二、申报条件",
        "申报单位应当为本市注册满一年的独立法人，具有相应的研发条件，近三年无不良信用记录。",
        "牵头单位与合作单位应当签订合作协议，明确任务分工、经费投入和知识产权归属。",
        "三、申报时间与方式",
        f"本批项目受理期为2026年11月25日至12月20日。{QUOTE}",
        "纸质材料一式三份，于受理期结束后五个工作日内报送所在区科协。",
        "四、经费支持",
        *("单个项目支持额度不超过50万元，分两期拨付，验收合格后拨付尾款。",) * 6,
        '五、其他 <script>document.title = "hacked"</script>',
        "本指南由市科协负责解释。",
    )
)
AT = TEXT.index(QUOTE)
GUIDE = Document(
    id=DocumentId("doc-guide"),
    source="揭榜挂帅申报指南.docx",
    digest="1" * 64,
    text=TEXT,
    facts=DocumentFacts(
        title="青澜市科协揭榜挂帅项目申报指南",
        issuer="青澜市科学技术协会",
        number="青科协发〔2026〕18号",
        level=Level.CITY,
        signed_on=date(2026, 11, 18),
    ),
    ingested_at=START,
)
CITATION = Citation(
    document=GUIDE.facts.title,
    source=GUIDE.source,
    section="三、申报时间与方式",
    quote=QUOTE,
    document_id=GUIDE.id,
    start=AT,
    end=AT + len(QUOTE),
)
SECOND = Citation(
    document=GUIDE.facts.title,
    source=GUIDE.source,
    section="二、申报条件",
    quote="近三年无不良信用记录",
    document_id=GUIDE.id,
    start=TEXT.index("近三年无不良信用记录"),
    end=TEXT.index("近三年无不良信用记录") + 10,
)

POLICY = "项目申报截止到什么时候？"
NEED = "我们做注塑的，产品老是翘曲变形，想找专家"
SLOW = "慢一点"
MARKUP = '<img src=x onerror="document.title=1"><b>粗</b> & <script>document.title=2</script>'


def _say(kind: ReplyKind, text: str, *titles: str, citations: tuple[Citation, ...] = ()) -> Reply:
    buttons = tuple(Button(title=title, payload=title) for title in titles)
    return Reply(kind=kind, text=text, buttons=buttons, citations=citations)


SCRIPT: Mapping[str, tuple[Reply, ...]] = {
    "你好": (
        _say(
            ReplyKind.NOTICE,
            "您好，我是科桥，科协与「科创中国」的对话助手。我可以帮您查政策、登记技术需求、"
            "看近期活动，并按时提醒您。",
            "查政策",
            "登记需求",
            "近期活动",
        ),
    ),
    POLICY: (
        _say(
            ReplyKind.ANSWER,
            "本批项目受理期为 2026 年 11 月 25 日至 12 月 20 日，"
            "逾期不予受理，每家单位限报一项。\n"
            "距离截止还有 29 天。",
            "提前三天提醒我",
            "需要哪些材料",
            citations=(CITATION, SECOND),
        ),
    ),
    NEED: (
        _say(ReplyKind.NOTICE, "好的，已记下：注塑产品翘曲变形，希望找专家咨询。"),
        _say(ReplyKind.QUESTION, "请问企业在哪个省、哪个市？", "江苏苏州", "浙江宁波", "跳过"),
    ),
    "江苏苏州": (
        _say(
            ReplyKind.CONFIRM,
            "请核对，确认后提交：\n技术难题：注塑产品翘曲变形，良品率下降\n所属领域：新材料产业\n"
            "所在地区：江苏省苏州市\n"
            "合作方式：技术咨询\n预算：约 50 万元\n期望时间：2026 年 12 月 31 日前\n"
            "联系人：张三，138****1234",
            "确认提交",
            "修改预算",
            "取消",
        ),
    ),
    "确认提交": (
        _say(ReplyKind.NOTICE, "需求已登记，编号 KQ-2026-000012。我们会在三个工作日内与您联系。"),
        _say(
            ReplyKind.CARD,
            "为您找到这些可能合适的资源：\n1. 高分子成型与翘曲变形控制（人才库）\n"
            "   推荐理由：内容相关「注塑、翘曲」；服务地区「江苏省」\n"
            "2. 薄壁件翘曲变形控制工程案例（案例库）\n   推荐理由：内容相关「翘曲变形」\n"
            "   补充合作方式后可以匹配得更准\n详情见 https://example.org/cases/12",
            "查看专家",
            "暂不需要",
        ),
    ),
    "火星移民补贴是多少？": (
        _say(
            ReplyKind.ABSTAIN,
            "已收录的文件里没有找到关于“火星移民补贴”的内容，不敢随意回答。需要的话，可以转给工作人员。",
            "转人工",
        ),
    ),
    MARKUP: (_say(ReplyKind.NOTICE, MARKUP),),
}


class ScriptedDialogue(FakeDialogue):
    """Takes its time over `SLOW`, until it is let go."""

    def __init__(self, script: Mapping[str, tuple[Reply, ...]]) -> None:
        super().__init__(script)
        self.go_on = threading.Event()

    @override
    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        if message.text == SLOW:
            self.go_on.wait(10)
        return super().reply(message, retried=retried)


def store_documents(units: Units) -> None:
    """Put the cited document where the gateway finds it."""
    with units() as unit:
        unit.documents.put(GUIDE)
        unit.commit()
