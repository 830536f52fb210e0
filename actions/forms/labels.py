"""Answers that stand behind the name of their field: 职称：教授；团长是王建国."""

import re
from collections.abc import Mapping
from functools import lru_cache

from actions.forms.form import Field, Form
from actions.understanding import manners
from actions.understanding.text import Span, fold, mask

BEHIND = r"(?:改成|改为|换成|更正为|应该是|分别是|就是|[是为叫有:：]){1,2}\s*"
UNTIL = re.compile(r"[,;\n。!?，；！？]")
UNTIL_WIDE = re.compile(r"[;\n。；]|[,，]\s*(?=[^,，;；。\n]{1,8}[:：是为])")
"""Names of several people are parted by commas too."""


def segments(form: Form, text: str) -> Mapping[str, Span]:
    """Where the text answers for a field by naming it."""
    folded = fold(text)
    found: dict[str, Span] = {}
    for one in form.fields:
        if not one.kind.labelled:
            continue
        head = _behind(one).search(folded)
        if head is None:
            continue
        stop = (UNTIL_WIDE if one.kind.wide else UNTIL).search(folded, head.end())
        end = stop.start() if stop else len(folded)
        if folded[head.end() : end].strip():
            found[one.name] = Span(start=head.end(), end=end)
    return found


def without(text: str, spans: Mapping[str, Span]) -> str:
    """The text with the labelled answers blanked."""
    return mask(text, spans.values()) if spans else text


def named(form: Form, text: str) -> str | None:
    """The field that the text wants changed without saying what to."""
    folded = fold(text)
    if not manners.CHANGE.search(folded):
        return None
    found = [(hit, one.name) for one in form.fields if (hit := one.called.search(folded))]
    longest = max(found, key=lambda pair: len(pair[0][0]), default=None)
    return longest[1] if longest else None


@lru_cache(maxsize=256)
def _compiled(called: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{called})(?:的)?\s*{BEHIND}")


def _behind(one: Field) -> re.Pattern[str]:
    return _compiled(one.called.pattern)
