"""Whether what is asked about still holds, and whether a figure is a target or was reached."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.domain.documents import Answer, Citation, DocumentFacts, DocumentId
from core.domain.documents import Kind as DocumentKind
from knowledge.answers.composition import abstain, say, say_date
from knowledge.answers.kinds import Kind, kind_of
from knowledge.answers.scope.mentions import Sort, mentions_in
from knowledge.answers.working.conditions.subject import part_of, unknown_sort
from knowledge.lexicon.lists import generic, synonyms
from knowledge.lexicon.words import NAMING, normalise, strip_question_words, subject_words
from knowledge.retrieval.passages import Passage, Source
from knowledge.retrieval.search import Corpus, Hit

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_HOLDS = re.compile(
    r"(?:还|现在|是否|仍|是不是还?)(?:有效|管用|算数|执行|在执行|在用|生效)|有效(?:吗|么|不|没)|有没有效"
    r"|(?:过期|到期|失效|作废|结束|终止)(?:了)?(?:吗|么|没有?|不|没$|了$)|执行完了?(?:吗|没)"
)
_PERIOD = re.compile(
    r"执行期|到期(?:时间|日)|有效期|实施期限|计划期|期限(?!前)|哪年到哪年|从哪年到|管到?[哪几]几?年|到哪一?年(?:为止|结束)?$"
)
_APPLY = re.compile(
    r"(?:还|现在|目前|如今|今天)(?:还)?(?:能不能|能|可不可以|可以|来得及)再?去?(?:报|申报|申请|报名|提交)名?"
    r"[^,，怎么什多少哪谁几]{0,8}(?:吗|么|不|了|嘛)?$"
    r"|来得及(?:吗|么|不|嘛)?$|(?:申报|报名|申请|征集)?(?:开始|截止|开放|结束)(?:申报|报名|申请|征集)?了(?:吗|么|没|嘛)"
    r"|(?:申报|报名|申请)[^,]{0,4}(?:过期|截止|结束)了?(?:吗|么|没)"
)
_CASE = re.compile(
    r"已经?(?!截止|过期|开始|结束)|报了|报过|同时|只有|没有|如果|要是|连续|不合格|一年|两"
    r"|的话|不[够足满]|[达不]到|不符合|少于|[缺差][了几一\d]"
)
"""Words of a case that a rule decides, not the clock."""

_APPLIES = re.compile(r"[申填]?报名?|申请|截止|过期|来得及|有效|执行|到期")
_OF_PLAN = re.compile(r"计划|要点|文件|方案|通知|规划|办法|意见|细则|政策|指南")
_APPLYING = re.compile(r"申报|申请|报名|征集|受理|提交")
_FOUND = 8
_MOST = 3

_DONE = re.compile(
    r"已经|已(?=[建有组培达完吸引签选])|目前|现有|实际|截至|现在(?=有|是|已|一?共|建|达)|建成|建好"
    r"|完成了|达到了|做到了|(?:组建|培养|建|发展|引进|签|吸引|认定|办)了(?=多少|几)|有[^,]{0,12}了$"
)
_SO_MANY = re.compile(r"\d+[个支项家名人场次]")
_AIM = re.compile(r"目标|力争|争取|计划(?:要|建|在)|打算|准备|拟")
_REACHED = re.compile(r"已(?!经?批准)|目前|现有|截至|达\d|共有|完成了|建成了?")
_AIMED = re.compile(r"力争|争取(?!了|到了)|到20\d{2}年|目标|计划(?:用|在|到)|拟(?=[建于])|努力")
_AIM_TOLD = re.compile(r"目标(?:数|值|量|任务)?(?:\([^()]*\))?[:为是]?(?:约)?\d")
"""A target beside what was reached, as rows of a report tell both."""

_AHEAD = frozenset({DocumentKind.PLAN, DocumentKind.CALL})
"""Documents that say what is to be; others mostly say what is."""


def standing(
    question: str, corpus: Corpus, admitted: Collection[DocumentId] | None, now: datetime
) -> Answer | None:
    """Whether documents hold, or take applications, at `now`; None when that is not asked."""
    text = normalise(question)
    applying = bool(_APPLY.search(text)) and not _CASE.search(text)
    period = bool(_PERIOD.search(text)) and bool(_OF_PLAN.search(text))
    if not (applying or period or (_HOLDS.search(text) and _OF_PLAN.search(text))):
        return None
    today = now.astimezone(_SHANGHAI).date()
    told: list[tuple[str, Citation]] = []
    meant = _meant(text, corpus, admitted, applying=applying)
    strange = [one for one in meant if applying and _of_another(text, one, corpus)]
    if strange and len(strange) == len(meant):
        return abstain(question, "nothing_found")
    for source, facts in (one for one in meant if one not in strange):
        said = (
            _applies(facts, today) if applying else _holds(facts, today, corpus.passages.title_of)
        )
        quote = _quoted(source, facts, corpus, applying=applying)
        if said and quote:
            told.append((said, quote))
    if not told:
        return None
    return Answer(
        question=question,
        text="\n".join(said for said, _ in told[:_MOST]),
        citations=tuple(quote for _, quote in told[:_MOST]),
    )


def _of_another(text: str, meant: tuple[Source, DocumentFacts], corpus: Corpus) -> bool:
    """Whether a question names a sort of thing that the part which is open never does."""
    source, facts = meant
    return unknown_sort(text, part_of(corpus.passages, source.id, facts.title))


def _meant(
    text: str, corpus: Corpus, admitted: Collection[DocumentId] | None, *, applying: bool
) -> list[tuple[Source, DocumentFacts]]:
    """The documents, or annexes, a question is about: those it names, else the nearest."""
    found: dict[str, tuple[Source, DocumentFacts]] = {}
    named = {one for one in mentions_in(text, 0) if one.sort is Sort.DOCUMENT}
    hits = corpus.search(text, limit=_FOUND)
    nearest = {hits[0].passage.source.id} if hits and _known(text, hits[0], corpus) else set()
    meant = admitted if admitted is not None and (named or len(admitted) == 1) else nearest
    for source in corpus.passages.sources:
        if source.id not in meant:
            continue
        for facts in (*source.parts, source.facts) if applying else (source.facts, *source.parts):
            day = facts.closes_on if applying else facts.expires_on
            if day is not None:
                found.setdefault(source.id, (source, facts))
    return list(found.values())


def _known(text: str, hit: Hit, corpus: Corpus) -> bool:
    """Whether the document of a hit speaks of every name in a question."""
    names = [
        word
        for word, weight in subject_words(strip_question_words(_APPLIES.sub(" ", text))).items()
        if weight == NAMING and word not in generic() and len(word) > 1
    ]
    start = corpus.passages.first_of(hit.passage)
    told = normalise(hit.passage.source.facts.title)
    for number in range(start, len(corpus.passages)):
        passage = corpus.passages[number]
        if passage.source.id != hit.passage.source.id:
            break
        told += "".join(normalise(one.text) for one in passage.chunk.sentences)
    return all(any(one in told for one in (name, *synonyms().get(name, ()))) for name in names)


def _holds(facts: DocumentFacts, today: date, title_of: Callable[[str], str]) -> str:
    last = facts.expires_on
    if last is None:
        return ""
    name = "standing.ended" if last < today else "standing.holds"
    said = say(name, document=facts.title, date=say_date(last))
    if facts.superseded_by:
        said += say("standing.superseded", document=f"《{title_of(facts.superseded_by)}》")
    return said


def _applies(facts: DocumentFacts, today: date) -> str:
    last, first = facts.closes_on, facts.opens_on
    if last is None:
        return ""
    values = {
        "document": facts.title,
        "date": say_date(last),
        "opens": say_date(first) if first else "",
        "days": str((last - today).days),
    }
    if last < today:
        return say("standing.closed", **values)
    if first is not None and today < first:
        return say("standing.not_open", **values)
    return say("standing.open", **values)


def _quoted(
    source: Source, facts: DocumentFacts, corpus: Corpus, *, applying: bool
) -> Citation | None:
    """Where the document says so: its window, or the years in its title."""
    last = facts.closes_on if applying else facts.expires_on
    query = "申报截止" if applying else facts.title
    hits = corpus.search(query, limit=_FOUND, within={source.id})
    for hit in hits:
        for one in hit.passage.chunk.sentences:
            text = normalise(one.text)
            if last is None:
                continue
            if applying and f"{last.month}月{last.day}日" in text and _APPLYING.search(text):
                return _cite(hit.passage, one.quote, one.start, one.path)
            if not applying and str(last.year) in text:
                return _cite(hit.passage, one.quote, one.start, one.path)
    return None


def _cite(passage: Passage, quote: str, start: int, path: Sequence[str]) -> Citation:
    return Citation(
        document=passage.source.facts.title,
        source=passage.source.source,
        section=" > ".join(path),
        quote=quote,
        document_id=passage.source.id,
        start=start,
        end=start + len(quote),
    )


def real_or_planned(question: str, told: Answer, corpus: Corpus) -> Answer:
    """An abstention when a figure that was reached is asked for and only a target is stated.

    The target is told all the same; and the other way round.
    """
    text = normalise(question)
    if not told.citations or not (kind_of(text) is Kind.NUMBER or _SO_MANY.search(text)):
        return told
    ahead = _is_ahead(told.citations[0], corpus)
    if _DONE.search(text) and not _AIM.search(text) and ahead:
        return _only(question, told, "only_target")
    aimed = "目标" in text and not ahead and not _AIM_TOLD.search(normalise(told.text))
    return _only(question, told, "only_actual") if aimed else told


def _is_ahead(citation: Citation, corpus: Corpus) -> bool:
    """Whether a quote says what is to be reached, not what was."""
    quote = normalise(citation.quote)
    aimed = _AIMED.search(quote)
    reached = _REACHED.search(quote)
    if reached and not (aimed and aimed.start() < reached.start()):
        return False
    kinds = [one.facts.kind for one in corpus.passages.sources if one.id == citation.document_id]
    return bool(aimed) or bool(_AHEAD.intersection(kinds))


def _only(question: str, told: Answer, reason: str) -> Answer:
    return Answer(
        question=question,
        text=say(f"abstain.{reason}") + "\n" + told.text,
        abstained=True,
        reason=reason,
        citations=told.citations,
        notes=told.notes,
    )
