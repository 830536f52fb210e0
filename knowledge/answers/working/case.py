"""A question to be worked out: its text, what was given, and the evidence that may hold a rule."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from knowledge.answers.evidence import Evidence, weigh
from knowledge.answers.question import Question, understand
from knowledge.answers.weighing.years import speaks_of_years
from knowledge.answers.working.reading.background import foreground
from knowledge.answers.working.reading.names import mentions
from knowledge.answers.working.reading.numbers import Quantity, quantities
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import Sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FOUND = 14
_ROWS = 160
_SHORT = 3
"""Shorter cells are ranks and numbers."""

_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_TALK = re.compile(
    r"我们(?:单位|学会|公司|协会|中心|学校|这边|这里)?|我(?:单位|公司|方)?|咱们?|你们|请问|团队(?=里?(?:一共|总共)?有?[,\d])|个人|队里|队伍|里面|其中|一共|总共|合计|加起来"
    r"|符合(?:条件|要求|规定)?|满足|达标|合格|合规|要求|条件|可以|能不能|行不行|够不够|够|行吗|人员|人数|比例|占比|数量|情况|规定|标准"
    r"|这样|那么|现在|目前|今天|多少|至少|最少|最多|至多|起码|如果|要是|的话|打算|准备|组了|凑了|拉了|参加|组队|全部|清一色|算下来|申报|项目|自评|评估表|评分表|评分标准|表格?里|得分|名额|指标|百分比|总?盘子|没?毛病|合一合|加一加|加加看?|[\u4e00-\u9fff]{1,6}给(?:我们|咱们?|我)(?:打|评)了?|手[里头上边]|想?冲(?:到|击|刺)?(?=[一二三四优良])|队员|名单|(?:[\u4e00-\u9fff]{1,4}啊){1,3}(?:这种|这类|之类的?)|到头来|后面|能(?:拉|带|配|凑|撑|组)(?:到|出|成)?|顶多|全[社队团组院校会]|百分之(?:几|多少)|新?[拉凑招](?:来|到|了|够|齐|起|的)+|[合符达满]不[合符达满]?[规格标足]?|这么|成队|按计划|按规定|个?大类|子项目?|总分|打分|评分|得了|考了"
)
_A_YEAR = re.compile(r"(?<!\d)(20\d{2})年(?!\d{1,2}月|底|末|初|就|已|才|前|之前|以前|建|成立)")
_MATTER = re.compile(
    r"[发交送寄投]?(?:材料|申报书|申报表|申请书|申请表|邮件|快递|纸质版?|电子版?|书面|表格?|文件|通知|时间|日期|截止|窗口|最后|书|号)"
    r"|全队|大队|小队|考核|考评|评审|结果|分数|成绩|评级|评定|总数|总分|总量|比重|百分之[几多]少?|开始|启动|结束|升到|拿到|达到|评到|评上|够数|够格|违规|合规|超标|在一起|加起来|合起来|放一起|相加|直接|长时间|多长时间|持续"
    r"|超时|逾期|超期|过期|来得及|赶得上|剩余|倒计时|看到|收到|天数|星期|晚上|下午|上午|中午|早上|凌晨|周末|时候"
    r"|上传|寄出|寄到|送到|送达|交到|收到|发出|报名|投递|拖到|手头|材料袋"
)
"""What is handed in, and how late one is: never what an announcement is about."""

_PATH_ENDS = re.compile(r"[（(][^（）()]*[）)]")

_OPEN = re.compile(r"几(?!乎)[个支项家名位人场次分天]|多少|什么|哪|谁|怎[么样]|啥|如何")
_CLOSED = re.compile(
    r"行不行|够不够|能不能|可不可以|[行够]吗|可以吗|符合[^,。]{0,6}吗|达标[^,。]{0,2}吗"
)
CHECKS = re.compile(
    r"[行够](?:吗|么|不|了|嘛|没)|不够|够不够|可以(?:(?!几|多少|哪|怎|什么))|可不可以|能(?:吗|不能|否|[^,。?]{0,22}[吗么])|能[^,。]{0,10}(?:不|么)$"
    r"|符合|达标|达到|满足|合格|合规|合要求|算(?:数|不算)|违规|超(?:了|标)|没问题|有问题|有没有问题|过关|行不|成不|中不|ok"
    r"|能不能|可否|能否|是否|有资格|够数|是不是|够格|有没有资格|来得及|还差|过得了|好使|允许|让(?:吗|不)|没毛病|过(?:得去|线)|过不过|够[^,。?]{0,6}(?:线|标准|门槛)|[合达满]不[合达满]|符不符"
)
"""How people ask whether something passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What was worked out, in plain words, and the rules it stands on."""

    text: str
    rules: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question with what is needed to work it out; evidence is looked up when first read."""

    asked: Question
    corpus: Corpus
    now: datetime
    _looked: dict[tuple[str, ...], list[Evidence]] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """The question, normalised."""
        return self.asked.text

    @property
    def today(self) -> date:
        """The day of the question in Asia/Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @cached_property
    def given(self) -> tuple[Quantity, ...]:
        """The numbers that the question gives."""
        return quantities(self.text)

    @property
    def verdict(self) -> bool:
        """Whether the question asks for a yes or no, and for nothing else."""
        asks = CHECKS.search(self.text)
        return bool(asks) and (not _OPEN.search(self.text) or bool(_CLOSED.search(self.text)))

    @cached_property
    def evidence(self) -> list[Evidence]:
        """Sentences that may hold the rule, best first; of the regions that are asked about."""
        return self.look()

    def look(self, *hints: str) -> list[Evidence]:
        """Sentences found for the question, and for it with words that rules of a sort use."""
        if hints not in self._looked:
            self._looked[hints] = self._found(hints)
        return self._looked[hints]

    def _found(self, hints: tuple[str, ...]) -> list[Evidence]:
        home = None
        if self.asked.regions:
            sources = self.corpus.passages.sources
            home = {one.id for one in sources if one.facts.region in self.asked.regions}
            if not home:
                return []
        bare = understand(self.bare, self.now.year)
        found = {
            hit.passage.number: hit
            for text in (self.text, " ".join((self.bare, *hints)))
            for hit in self.corpus.search(text, limit=_FOUND, within=home)
        }
        about = replace(self.asked, words=bare.words, pairs=bare.pairs, amounts=())
        return weigh(about, found.values(), self.corpus.lexical.rarity)

    @cached_property
    def bare(self) -> str:
        """The question without its numbers, the talk around them and what is told beside it."""
        text = foreground(self.text)
        for one in reversed(quantities(text)):
            text = f"{text[: one.start]},{text[one.end :]}"
        text = _TALK.sub(",", text)
        return text if _HAN.search(text) else self.text

    def foreign(self, evidence: Evidence, *, apart: str = "") -> bool:
        """Whether the question names something that stands nowhere around the rule.

        `apart` holds what it counts beside the rule's own thing.
        """
        years = {int(one) for one in _A_YEAR.findall(self.text)}
        if years and not speaks_of_years(frozenset(years), evidence.sentence, evidence.passage):
            return True
        return any(one not in apart for one in self.unnamed(evidence))

    def unnamed(self, evidence: Evidence) -> set[str]:
        """What the question names that stands nowhere around a sentence."""
        return {one for one in evidence.missing if len(_MATTER.sub("", _TALK.sub("", one))) > 1}

    @cached_property
    def named_cells(self) -> tuple[tuple[str, str], ...]:
        """The cells of tables that the question names, each with its header."""
        cells = {
            cell: head
            for one in self.evidence[:_ROWS]
            if one.sentence.row
            for head, cell in one.sentence.cells
            if head and len(cell) > _SHORT
        }
        return tuple((cells[one.name], one.name) for one in mentions(self.text, cells))

    def around(self, evidence: Evidence, reach: Callable[[Sentence], bool]) -> list[Evidence]:
        """The neighbours in the document, in order, for which `reach` holds without a gap."""
        return [
            replace(evidence, passage=self.corpus.passages[number], sentence=one)
            for number, one in sorted(self._near(evidence, reach), key=lambda each: each[0])
        ]

    def _near(
        self, evidence: Evidence, reach: Callable[[Sentence], bool]
    ) -> Iterator[tuple[int, Sentence]]:
        start, passages = evidence.passage.number, self.corpus.passages
        for numbers in (range(start, len(passages)), range(start - 1, -1, -1)):
            for number in numbers:
                passage = passages[number]
                sentences = passage.chunk.sentences
                reached = [one for one in sentences if reach(one)]
                if passage.source.id != evidence.passage.source.id or not reached:
                    break
                yield from ((number, one) for one in reached)
                if len(reached) < len(sentences) and number != start:
                    break


def own(evidence: Evidence) -> str:
    """The words of a rule, normalised."""
    return _normalised(evidence.sentence.text)


@lru_cache(maxsize=4_096)
def _normalised(text: str) -> str:
    return normalise(text)


def heads(evidence: Evidence) -> str:
    """The headings a rule stands under, normalised, without remarks in brackets."""
    return _PATH_ENDS.sub("", normalise(" ".join(evidence.sentence.path)))


def first[T](found: Iterable[T]) -> T | None:
    """The first of some things, or None."""
    return next(iter(found), None)
