"""Which form a person means by their words."""

import re
from collections.abc import Iterable

from actions.forms.form import Form
from actions.understanding.text import fold

OPENS = re.compile(
    r"想|要(?!求)|打算|准备|来|帮|请|麻烦|登记|注册|申请|发布|提交|填|报名|开始|再|做个|做一|测一"
)
"""Words by which something is begun, not only spoken of."""
ABOUT = re.compile(
    r"材料|条件|流程|步骤|要求|政策|通知|办法|规定|标准|截止|资格|需要(?:什么|哪|准备)|补贴|奖励|[吗?]"
)
"""Words of those who ask about a thing before they begin it."""


def named_forms(forms: Iterable[Form], text: str) -> list[Form]:
    """The forms whose names stand in the text; the one whose words are longest, if it is alone."""
    folded = fold(text)
    found = [(max(map(len, hits)), one) for one in forms if (hits := _hits(one, folded))]
    longest = max((length for length, _ in found), default=0)
    return [one for length, one in found if length == longest]


def opened_form(forms: Iterable[Form], text: str) -> Form | None:
    """The one form that the text asks to begin."""
    if not OPENS.search(fold(text)) or asks_about(text):
        return None
    found = named_forms(forms, text)
    return found[0] if len(found) == 1 else None


def asks_about(text: str) -> bool:
    """Whether the text is about what a thing takes, before it is begun."""
    return ABOUT.search(fold(text)) is not None


def _hits(form: Form, text: str) -> list[str]:
    return [hit[0] for hit in form.called.finditer(text) if hit[0]]
