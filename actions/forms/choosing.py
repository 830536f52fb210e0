"""Which form a person means by their words."""

import re
from collections.abc import Iterable

from actions.forms.form import Form
from actions.understanding.text import fold

OPENS = re.compile(
    r"(?:我|我们|本人|我司|公司)?(?:想|要|想要|需要|打算|准备|来|帮我|请|麻烦)|登记|注册|申请|申报|发布|提交|填|报名|开始|再来|做个|做一|测一"
)
"""Words by which something is begun, not only spoken of."""


def named_forms(forms: Iterable[Form], text: str) -> list[Form]:
    """The forms whose names stand in the text; the one whose words are longest, if it is alone."""
    folded = fold(text)
    found = [(max(map(len, hits)), one) for one in forms if (hits := _hits(one, folded))]
    longest = max((length for length, _ in found), default=0)
    return [one for length, one in found if length == longest]


def opened_form(forms: Iterable[Form], text: str) -> Form | None:
    """The one form that the text asks to begin."""
    if not OPENS.search(fold(text)):
        return None
    found = named_forms(forms, text)
    return found[0] if len(found) == 1 else None


def _hits(form: Form, text: str) -> list[str]:
    return [hit[0] for hit in form.called.finditer(text) if hit[0]]
