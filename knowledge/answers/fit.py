"""How well a sentence fits what is asked beyond its words: kind, role, year, form, document."""

import re
from functools import lru_cache

from knowledge.answers.kinds import CONTACTS, Kind
from knowledge.answers.question import Question
from knowledge.answers.scenes import Scene
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence

_KIND_HELD, _KIND_MISSING, _KIND_UNSEEN = 0.25, -0.25, -0.1
_BARE_HEADING = -0.25
_NAMED = 0.2
_REGIONAL = -0.08
_STARTS = 0.1
_CELL = 0.12
_SHORT = 2
_LONG = 160
_LONG_COST = 0.05
_ROLE = 0.55
_TOTALLED = 0.3
_SIGNED = 0.6
_ENDING = 0.15
_APPLICATION = 0.25
_YEAR_SAID, _YEAR_HEADED, _YEAR_OWN = 0.3, 0.05, 0.08
_YEAR_COVERED, _YEAR_OTHER = 0.0, -0.4

_NOT_CORE = re.compile(r"[（(][^（）()]*[）)]|[“”\"《》「」]|20\d{2}年?度?")
_DEADLINE = re.compile(r"哪天之?前|截止|最晚|点前|到哪天|最后期限|到期")
_ENDS = re.compile(r"截止|日前|:\d{2}前|\d+日(?:-|至|到)|前提交|之前")
_APPLYING = re.compile(r"申报|申请|报名|提交|受理|征集")
_CARRYING_OUT = re.compile(r"实施|完成|做完|结题|验收|执行|建设期")
_ENTITLED = re.compile(r"谁(?:可以|能|才能|有资格)|哪些单位|什么单位|资格|申报条件")
_ENTITLES = re.compile(r"仅限|限于|申报单位|均可|面向|可申报")
_AT_MOST = re.compile(r"最高|上限|不超过|至多|封顶|限报|最多")
_AT_LEAST = re.compile(r"不少于|不低于|至少|以上|最低")
_ECHOES = (
    (re.compile(r"最高|最多|上限|封顶|至多"), _AT_MOST, _AT_LEAST),
    (re.compile(r"最低|最少|至少|起码"), _AT_LEAST, _AT_MOST),
    (
        re.compile(r"不能|不得|不可以|不让|不许|不准|禁止"),
        re.compile(r"不得|不予|不再|不受理|取消|禁止"),
        None,
    ),
)
_LIMIT = 0.2
_CONSULTED = re.compile(r"咨询|联系人|联系电话")
_SOMEWHERE = re.compile(r"[\u4e00-\u9fff]{2}[市县区]")
_ELSEWHERE = -0.15
_ROLES = ("副组长", "组长", "副主任", "主任", "牵头", "配合", "联系人", "负责")
_IN_CHARGE = re.compile(r"[归谁部]管|主管|归口|管这")
_TOTAL = re.compile(r"一共|总共|合计|总数|总计|总分")
_SUM = re.compile(r"合计|总计|总分|共计")
_ISSUED = r"(?:印发|发布|出台|发文|签发|成文|下发|落款)"
_WHEN = r"(?:时候|哪天|日期|时间|何时|哪年)"
_SIGNING = re.compile(f"{_ISSUED}.*{_WHEN}|{_WHEN}.*{_ISSUED}")
DATE_LINE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$")
"""A line that only dates a document."""

_A_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SPAN = re.compile(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})")


def fit(question: Question, scene: Scene, place: tuple[Passage, Sentence], *, held: bool) -> float:
    """What to add to (or take from) the score of a sentence."""
    passage, sentence = place
    score = _kind_fit(question, held=held) + _role_fit(question, scene)
    score += _year_fit(question, scene, passage) + _shape(sentence, question)
    score += _counted(question, scene) + _echo(question.text, scene.own)
    if _core(scene.title) in _core(question.text):
        score += _NAMED
    if not question.regions and passage.source.facts.region:
        score += _REGIONAL
    return score


def _echo(asked: str, stated: str) -> float:
    """A limit or a ban that is asked for should be stated, not its opposite."""
    score = 0.0
    for said, held, opposite in _ECHOES:
        if said.search(asked):
            score += _LIMIT * bool(held.search(stated))
            if opposite and opposite.search(stated) and not held.search(stated):
                score -= _LIMIT
    return score


def opposes(asked: str, stated: str) -> bool:
    """Whether a lower limit is stated where the upper is asked for, or the other way round."""
    return any(
        opposite and said.search(asked) and opposite.search(stated) and not held.search(stated)
        for said, held, opposite in _ECHOES
    )


def _counted(question: Question, scene: Scene) -> float:
    """What is counted stands right behind its number: 137家全国学会."""
    if question.kind is not Kind.NUMBER:
        return 0.0
    return _ENDING * any(
        re.search(rf"[\d百千万余多]{{1,4}}[个项家支名位条类种]?{re.escape(word)}", scene.own)
        for word in question.words
    )


def _kind_fit(question: Question, *, held: bool) -> float:
    if question.kind is None:
        return 0.0
    if held:
        return _KIND_HELD
    return _KIND_UNSEEN if question.kind is Kind.CONDITION else _KIND_MISSING


def _role_fit(question: Question, scene: Scene) -> float:
    """What people ask about by its office (牵头, 组长 ...) has to be named as such."""
    asked = next((role for role in _ROLES if role in question.text), None)
    if asked is None and _IN_CHARGE.search(question.text):
        asked = "牵头"
    if asked is not None and asked in scene.own:
        return _ROLE
    if _TOTAL.search(question.text) and _SUM.search(scene.own):
        return _TOTALLED
    if _ENTITLED.search(question.text) and _ENTITLES.search(scene.own):
        return _ENDING
    if _DEADLINE.search(question.text) and _ENDS.search(scene.own):
        applying = _APPLYING.search(scene.own) and not _CARRYING_OUT.search(question.text)
        return _ENDING + (_APPLICATION if applying else 0.0)
    return _SIGNED if _SIGNING.search(question.text) and DATE_LINE.match(scene.own) else 0.0


def _year_fit(question: Question, scene: Scene, passage: Passage) -> float:
    if not question.years:
        return 0.0
    said = years_in(scene.own)
    if said:
        return _YEAR_SAID if said & question.years else _YEAR_OTHER
    if said := years_in(scene.heading):
        return _YEAR_HEADED if said & question.years else _YEAR_OTHER
    if not covers_year(question, passage):
        return _YEAR_OTHER
    facts = passage.source.facts
    last = facts.expires_on.year if facts.expires_on else facts.year
    return _YEAR_OWN if facts.year == last else _YEAR_COVERED


def _shape(sentence: Sentence, question: Question) -> float:
    """Bare headings answer little, long sentences are unhandy, a row is known by its cells."""
    own = normalise(sentence.text)
    if sentence.row:
        if question.kind in CONTACTS and any(
            place not in question.text for place in _SOMEWHERE.findall(own)
        ):
            return _ELSEWHERE
        cells = [re.sub(r"\([^()]*\)$", "", one) for one in re.split(r"[;:]", own)]
        named = any(len(cell) > _SHORT and cell in question.text for cell in cells)
        return _CELL * named + _CELL * any(
            cell.startswith(word) for word in question.words for cell in cells
        )
    if sentence.path and sentence.text.rstrip("。：:；;") == sentence.path[-1]:
        return _BARE_HEADING
    cost = _LONG_COST if len(sentence.text) > _LONG else 0.0
    if question.kind in CONTACTS and _CONSULTED.search(own):
        cost -= _STARTS
    first = next(iter(question.words), "")
    return (_STARTS if first and own.startswith(first) else 0.0) - cost


@lru_cache(maxsize=2_048)
def years_in(text: str) -> frozenset[int]:
    """The years that a normalised text names, those inside a span too."""
    found = {int(year) for year in _A_YEAR.findall(text)}
    for first, last in _SPAN.findall(text):
        found |= set(range(int(first), int(last) + 1))
    return frozenset(found)


def covers_year(question: Question, passage: Passage) -> bool:
    """Whether the document is of, or plans for, a year that the question names."""
    facts = passage.source.facts
    if facts.year is None:
        return False
    last = facts.expires_on.year if facts.expires_on else facts.year
    return any(facts.year <= year <= last for year in question.years)


@lru_cache(maxsize=512)
def _core(title: str) -> str:
    """A title (or question) without quotes, brackets and years."""
    return _NOT_CORE.sub("", title)
