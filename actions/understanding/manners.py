"""Short answers that are no facts: yes, no, skip, change; and whether something is asked."""

import re

from actions.understanding.text import fold

_TAIL = r"[的了吧啊呀哦呢哈啦~,。!\s]*"
AFFIRM = re.compile(
    rf"(?:(?:没了|没有了|没别的|没有别的|不改了|不用改|没啥改的){_TAIL})?(?:(?:我)?确认(?:提交|无误|登记)?|提交|对|是|没错|没问题|可以|好|行|嗯+|OK|👍|👌|🆗|正确|无误|就这样|就这么办|同意|yes|没有问题|都对|确定){_TAIL}"
    rf"(?:(?:确认|提交|可以|没问题|对|就这样|没错|谢谢|无误){_TAIL})*",
    re.IGNORECASE,
)
DENY = re.compile(
    rf"(?:不对|不是|不行|有误|错了|错|不|否|no|等等|等一下|先别提交|先不提交|不提交|别提交|有问题|不太对|写错|说错|弄错|记错|填错){_TAIL}",
    re.IGNORECASE,
)
MODIFY = re.compile(
    rf"(?:我?(?:想|要|需要)?)?(?:修改|改一下|改改|更改|更正|重新填写?|重填|换一下|改|补充)(?:一下|一项|信息|内容)?{_TAIL}"
)
SKIP = re.compile(
    r"(?:预算|时间|电话|联系方式|行业|地区|合作方式|可以|能|能不能|可不可以|这个|这项|这条|先|暂时|目前|我|我们|还|也|都)*"
    r"(?:跳过|不知道|不清楚|不太清楚|不确定|不好说|说不好|说不准|不方便(?:说|透露|讲|提供|留|告诉)?|不便(?:说|透露)?|不想(?:说|填|留|提供)|不说|不填|不留|不用了?|不需要|没想好|没想过|没定|"
    r"未定|待定|没确定|没有想好|没有|没|无|保密|以后再说|回头再说|再说|再议|下一个|下一项|略过?|pass|忽略|随便|看情况|不要求|没要求|没有要求|不限|无所谓|没预算|没概念)"
    r"[吗么?]*" + _TAIL,
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"[??]\s*$|吗[??。]?\s*$|呢\s*$|什么|怎么(?!都|也|弄都)|怎样|如何|哪[些个里一家位]|几[号点个]|多少|是否|能不能|可不可以|能否|是不是|有没有|谁|为什么|为啥|何时"
)
GIVE_UP = re.compile(
    r"(?:放弃|取消|删掉|删除|不|终止|退出|结束).{0,4}(?:登记|填写|填报|填了|需求|提交|报了)|确认取消"
)
RESUMES = re.compile(
    "我?(?:想|要|来)?(?:继续|接着)(?:把|填|填写|办|弄|做)*(?:上次|上回|之前|刚才|前面|昨天|那天|没[填弄办做]完|没完成|剩下|那个|的)+"
    "(?:登记|注册|申请|填报|表单?|内容|部分|那个|填|写|办|完|的|吧|了)*[。.!！~]*"
)
"""上次的登记 and the like, which name no form: the one that is open."""
GO_ON = re.compile(rf"(?:我?(?:想|要)?)?(?:继续|接着)(?:填写?|登记|吧|来)?{_TAIL}")
STAY = re.compile(r"[不别](?:要|想|用)?(?:取消|放弃|删)|继续|接着")
FIELD_WORDS = {
    "contact": r"联系方式|联系人|电话|手机号?|号码|微信|邮箱",
    "problem": r"问题(?:描述)?|难题|需求(?:描述)?|描述",
    "industry": r"行业|领域|产业",
    "region": r"地区|地址|地点|城市|区域|省份?|所在地",
    "modes": r"合作方式|方式|合作模式",
    "budget": r"预算|经费|资金|费用|金额|钱",
    "deadline": r"时间|期限|日期|截止|工期|完成时间",
}
CHANGE = re.compile(r"改|换|重新|错|更正|修正|推迟|往后|延后|延长")
SUBJECTLESS = re.compile(
    r"(?:我|我们)?(?:想|要|需要|来)*(?:咨询|了解|请教|问|查询|查|看)(?:一下|下|问)?(?:点|些|个)?"
    r"(?:科技|有关|相关|一些|科协|方面|的)*(?:政策|文件|问题)(?:方面|文件|问题|的|事|情)*"
    + _TAIL
    + r"|政策(?:咨询|查询|问题)?"
    + _TAIL
)
CORRECTION = re.compile(
    r"改成|改为|改到|改下|换成|换为|不对|说错|弄错|搞错|记错|写错|填错|更正|应该是|不是|修改|改"
)


SUBMIT = re.compile(
    rf"(?:(?:好的?|嗯+|行|可以|没问题|那|没了|没有了|没错|(?:这回|这次|都)?对|(?:先|就)(?:这样|这么多|这些|填这些)){_TAIL})*"
    rf"(?:我?确认)?(?:先|就|直接|可以|现在|马上)*(?:提交|这样提交|这么提交|交)(?:需求|上去|了)?{_TAIL}|(?:先|就)(?:这样|这么多|这些|填这些){_TAIL}|确认(?:无误)?{_TAIL}"
)
PICK = re.compile(
    r"(?:取消|删掉|删除|就|是|要|把)*第?\s*(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:个|场|项|条|号)?"
    r"(?:取消|不要|删掉|删除)?" + _TAIL
)


def affirms(text: str) -> bool:
    """Whether the whole text is a yes."""
    return AFFIRM.fullmatch(fold(text).strip()) is not None


def denies(text: str) -> bool:
    """Whether the whole text is a no."""
    return DENY.fullmatch(fold(text).strip()) is not None


def wants_change(text: str) -> bool:
    """Whether the text asks to change something without saying what to."""
    return MODIFY.fullmatch(fold(text).strip()) is not None


def submits(text: str) -> bool:
    """Whether the whole text asks to hand in what is there."""
    return SUBMIT.fullmatch(fold(text).strip()) is not None


def picks(text: str) -> bool:
    """Whether the text is a place in a list and nothing more."""
    return PICK.fullmatch(fold(text).strip()) is not None


def gives_up(text: str) -> bool:
    """Whether the text plainly gives the form up, beyond a bare 算了."""
    return GIVE_UP.search(fold(text)) is not None


def goes_on(text: str) -> bool:
    """Whether the text asks to go on with the form."""
    said = fold(text).strip()
    return GO_ON.fullmatch(said) is not None or RESUMES.fullmatch(said) is not None


def stays(text: str) -> bool:
    """Whether the text, asked if they give up, says that they do not."""
    return STAY.search(fold(text)) is not None


def skips(text: str) -> bool:
    """Whether the whole text declines to answer."""
    return SKIP.fullmatch(fold(text).strip()) is not None


def asks(text: str) -> bool:
    """Whether the text is a question."""
    return QUESTION.search(fold(text).strip()) is not None


def corrects(text: str) -> bool:
    """Whether the text corrects something said before."""
    return CORRECTION.search(fold(text)) is not None


def speaks_of(text: str, field: str) -> bool:
    """Whether the text names a field of a draft."""
    return re.search(FIELD_WORDS[field], fold(text)) is not None


def names_no_subject(text: str) -> bool:
    """Whether the text only says that something will be asked."""
    return SUBJECTLESS.fullmatch(fold(text).strip()) is not None


def named_field(text: str) -> str:
    """The field of a draft the text wants changed, when it names one."""
    folded = fold(text)
    if not CHANGE.search(folded):
        return ""
    named = (field for field, words in FIELD_WORDS.items() if re.search(words, folded))
    return next(named, "")
