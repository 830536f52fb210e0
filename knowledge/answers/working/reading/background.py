"""What an oral message says beside its question: greetings, what others said, what it is for."""

import re

from knowledge.answers.working.reading.numbers import quantities

_CLAUSE = re.compile(r"[^,;。?!~…]+[,;。?!~…]*")
_PERSON = (
    r"[\u4e00-\u9fff]?(?:老师|领导|主任|处长|科长|部长|同志|师傅|大姐|大哥|客服|小姐姐|小哥|亲)们?"
)
_GREETING = re.compile(
    rf"^(?:(?:您|你们?|大家)?好(?:呀|啊)?|请问(?:一下)?|请教(?:一下)?|问一下|想问(?:一下|下|问)?|咨询(?:一下|下)?|喂|嗨|哎|诶|{_PERSON})+(?=[^\u4e00-\u9fff]|$)"
)
_CALLED = re.compile(
    rf"(?<=[吗呢吧啊呀嘛么哈不])(?:{_PERSON}|谢谢.{{0,4}}|多谢|麻烦.{{0,4}})(?=[^\u4e00-\u9fff]|$)"
)
_ASKS = re.compile(
    r"几(?!乎)|多少|什么|哪|谁|怎|如何|啥|咋|吗|么|是否|能否|可否|呢|够|行|能|符合|达标|满足|合格|算|不(?=[^\u4e00-\u9fff]|$)"
)
_TOLD = re.compile(
    r"^(?:但|可|不过|因为)?(?:我们|咱们?|我|他们?|她|有人|人家|别人|隔壁|对方|上面|领导)?[\u4e00-\u9fff]{0,8}?(?:说|讲|认为|觉得|以为|告诉我|念叨|坚持|嘀咕|听说|猜|担心|怕|争|吵)(?!的)"
)
_AIM = re.compile(
    r"^我是|(?:写|做|填|交|弄|报|准备|整理|赶)[\u4e00-\u9fff]{0,6}(?:用|要用|呢|着呢)$|(?:用来|用于|好)(?:写|做|填|报|跟|给|向|准备)|^(?:我|我们)(?:要|得|在|好)?(?:写|填|做|准备|整理)[\u4e00-\u9fff]{0,8}$"
    r"|心里没底|忐忑|着急|急用|等着|帮(?:我|忙)|麻烦|谢|辛苦|不好意思|打扰|(?:大概|粗略|估)[\u4e00-\u9fff]{0,4}就(?:行|好|可以)|我知道|差一点点?$|就差一?点"
)


def foreground(text: str) -> str:
    """A normalised message without the clauses that neither ask, nor count, nor name a subject."""
    clauses = [one.group() for one in _CLAUSE.finditer(_CALLED.sub("", text))]
    asking = [at for at, one in enumerate(clauses) if _ASKS.search(one)]
    last = asking[-1] if asking else len(clauses)
    kept = [
        _GREETING.sub("", one)
        for at, one in enumerate(clauses)
        if not _aside(one.rstrip(",;。?!~…"), behind=at > last)
    ]
    found = "".join(kept).strip(",;。?!~… ")
    return found or text


def _aside(clause: str, *, behind: bool) -> bool:
    """Whether a clause is told beside the question; what counts something never is."""
    if quantities(clause) or re.search(r"\d", clause):
        return False
    if _AIM.search(clause) or behind:
        return True
    return bool(_TOLD.search(clause)) and not re.search(r"几|多少|哪", clause)
