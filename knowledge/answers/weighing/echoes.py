"""What a question's own words call for in a sentence: its office, limit, sum, step or form."""

import re
from functools import lru_cache

from knowledge.answers.issuing import issuing
from knowledge.answers.kinds import Kind
from knowledge.answers.scenes import DATE_LINE

_APPLYING = re.compile(r"申报|申请|报名|提交|受理|征集|填报|材料|上报|交|报(?=吗|到|什么|最|截)")
_CARRYING_OUT = re.compile(r"实施|完成|完工|做完|[做干搞]到|干完|搞完|结束|结题|验收|执行|建设期")
_AT_MOST = re.compile(r"最高|上限|不超过|至多|封顶|限报|最多")
_AT_LEAST = re.compile(r"不少于|不低于|至少|以上|最低")
_CAP = re.compile(r"最高|最多|上限|封顶|至多")
_FLOOR = re.compile(r"最低|最少|至少|起码")
_SEALS = re.compile(r"落(?:款|的)|成文|署")
"""The day under a document is not always the day on which it was printed and sent."""

DONE = re.compile(r"已(?!经.{0,6}同意)|目前|现有|达到|了")
"""Words of what has happened, against what is planned."""

_DEADLINE = re.compile(r"哪天之?前|截止|最晚|最迟|点前|到哪天|最后期限|到期|几号前")
_ENDS = re.compile(r"截止|日前|:\d{2}前|\d+日(?:-|至|到)|前提交|之前")

_ASKS_START = re.compile(r"从(?:哪|几|什么时|啥时)|开始|起始|开收|开报|启动|哪天起")
_STARTS = re.compile(r"\d日?\s*[-—~至到]\s*\d|\d[日月年]起|自\d|从\d|开始|启动")
_UP_TO = re.compile(r"\d(?:日|:\d{2})?之?前|截止|不晚于")

_ROLES = (
    (
        re.compile(r"谁(?:给|来)?(?:出的?钱|出资|掏钱|投的?钱|拨)|出的?钱|钱谁出|谁出"),
        re.compile(r"出资|投资(?!联合)|资助|拨款|拨付|承担|捐"),
    ),
    (re.compile(r"副组长"), re.compile(r"副组长")),
    (re.compile(r"副主任"), re.compile(r"副主任")),
    (re.compile(r"组长"), re.compile(r"(?<!副)组长")),
    (re.compile(r"主任"), re.compile(r"(?<!副)主任")),
    (re.compile(r"书记"), re.compile(r"书记")),
    (re.compile(r"副主席"), re.compile(r"副主席")),
    (re.compile(r"主席"), re.compile(r"(?<!副)主席")),
    (
        re.compile(r"联系人|(?:找|问|联系)(?:谁|哪位)"),
        re.compile(r"联系人|收\)|\d{7}"),
    ),
    (re.compile(r"配合|协助"), re.compile(r"配合")),
    (
        re.compile(r"(?:[跟和与同](?:谁|哪))|联合|合作方"),
        re.compile(r"联合|会同|合作|共同|配合"),
    ),
    (
        re.compile(r"牵头|主抓|主责|[归谁部]管|主管|归口|管这|归(?:谁|哪)|负责(?!人)"),
        re.compile(r"牵头|负责(?!人)|统筹|承担"),
    ),
    (re.compile(r"承办|主办"), re.compile(r"承办|主办|举办|承担")),
)
"""An office or part that is asked about, and how documents state it."""

_FORMS = (
    (
        "entitles",
        re.compile(r"谁(?:可以|能|才能|有资格)|哪些单位|什么单位|资格|申报条件"),
        re.compile(r"仅限|限于|申报单位|均可|面向|可申报"),
    ),
    (
        "summed",
        re.compile(r"一共|总共|合计|总数|总计|总分|拢共|加起来"),
        re.compile(r"合计|总计|总分|共计"),
    ),
    (
        "quota",
        re.compile(r"名额|指标|上限|最多|[批立放]几|(?:批|立|放|支持)多少"),
        re.compile(r"上限|名额|数量|限报|至多"),
    ),
    ("ends", _DEADLINE, _ENDS),
    ("begins", _ASKS_START, _STARTS),
    ("echo", _CAP, _AT_MOST),
    ("echo", _FLOOR, _AT_LEAST),
    (
        "bans",
        re.compile(r"不能|不得|不可以|不让|不许|不准|禁止"),
        re.compile(r"不得|不予|不再|不受理|取消|禁止|仅限|只能"),
    ),
    ("actual", re.compile(r"已经?|目前|现在|现有|截至|了[?？。]*$|过(?:几|多少)"), DONE),
    (
        "aimed",
        re.compile(r"要|打算|计划|目标|准备|争取|力争|预计"),
        re.compile(r"力争|争取|打造|建设|目标|推动|组建|建立|培育|形成|20\d{2}年[,，]|计划"),
    ),
    ("because", re.compile(r"为什么|为何|为啥|原因"), re.compile(r"为|因|由于|鉴于")),
    (
        "defines",
        re.compile(r"什么是|是什么意思|指(?:的是)?什么|是指|啥意思|是干(?:什么|嘛|啥)|[做干]什么"),
        re.compile(r"是指|即|[”）)]?是|为|包括|用于|以.{2,20}为"),
    ),
    (
        "means",
        re.compile(r"怎么|如何|怎样|咋(?!样)"),
        re.compile(
            r"通过|依托|登录|提交|填写|发送|寄|向|线上|流程|经|按|采取|注册|根据|由|以|用|联合|开展"
        ),
    ),
)
"""Forms of questions, and of sentences that fit them."""

_RULES = re.compile(
    r"仅限|限于|只能|不得|不予|均可|可以是|可[兼申]|至多|至少|原则上|不少于|不低于|必须|须|需[是有]|取消|不再"
)
_CONTENTS = re.compile(r"内容|任务|职责|工作")
_WHAT = re.compile(r"(?:做|干|搞|办)(?:些|点)?(?:什么|啥|嘛)|内容")


@lru_cache(maxsize=512)
def _called_for(asked: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms that a question calls for."""
    return tuple((name, stated) for name, said, stated in _FORMS if said.search(asked))


@lru_cache(maxsize=512)
def _role(asked: str) -> re.Pattern[str] | None:
    return next((stated for said, stated in _ROLES if said.search(asked)), None)


def echoes(
    asked: str, kind: Kind | None, *, polar: bool, own: str, heading: str
) -> dict[str, float]:
    """Which of the forms that a question calls for a sentence under a heading has."""
    found = {name: float(bool(stated.search(own))) for name, stated in _called_for(asked)}
    role = _role(asked) if kind in {Kind.PERSON, Kind.LIST, None} else None
    if role is not None:
        found["role" if role.search(own) else "no_role"] = 1.0
        found["role_nowhere"] = float(not role.search(own) and not role.search(heading))
    if "begins" in found:
        found["other_end"] = float(not found["begins"] and bool(_UP_TO.search(own)))
    if "summed" in found:
        found["unsummed"] = 1 - found["summed"]
    if polar or kind is Kind.CONDITION:
        found["rules"] = float(bool(_RULES.search(own)))
    if kind in {Kind.DATE, Kind.DURATION}:
        found.update(_step(asked, own, ends=bool(found.get("ends"))))
    if opposes(asked, own):
        found["opposed"] = 1.0
    if _asks_contents(asked):
        found["contents"] = float(bool(_CONTENTS.search(heading)))
    return found


@lru_cache(maxsize=512)
def _asks_contents(asked: str) -> bool:
    return bool(_WHAT.search(asked))


@lru_cache(maxsize=512)
def _steps(text: str) -> tuple[bool, bool]:
    """Whether a text is about carrying out, and about applying."""
    return bool(_CARRYING_OUT.search(text)), bool(_APPLYING.search(text))


def _step(asked: str, own: str, *, ends: bool) -> dict[str, float]:
    """A date belongs to a step: that of applying is not that of carrying out."""
    done, applied = _steps(asked)
    stated_done, stated_applied = _steps(own)
    crossed = ((True, False, False, True), (False, True, True, False))
    # who asks when something closes, and not of what, means the application
    unsaid = ends and not (done or applied or stated_applied) and stated_done
    return {
        "same_step": float((done and stated_done) or (applied and stated_applied)),
        "other_step": float((done, applied, stated_done, stated_applied) in crossed or unsaid),
        "closes": float(ends and not done and stated_applied),
        "signed": float(issuing(asked) and bool(DATE_LINE.match(own))),
        "sealed": float(_sealing(asked) and bool(DATE_LINE.match(own)) and "印发" not in own),
    }


@lru_cache(maxsize=512)
def _sealing(asked: str) -> bool:
    return bool(_SEALS.search(asked))


@lru_cache(maxsize=512)
def _limits(asked: str) -> tuple[bool, bool]:
    return bool(_CAP.search(asked)), bool(_FLOOR.search(asked))


def opposes(asked: str, stated: str) -> bool:
    """Whether a lower limit is stated where the upper is asked for, or the other way round."""
    cap, floor = _limits(asked)
    if not cap and not floor:
        return False
    most, least = bool(_AT_MOST.search(stated)), bool(_AT_LEAST.search(stated))
    return (cap and least and not most) or (floor and most and not least)
