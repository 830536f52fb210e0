"""Answers that stand behind the name of their field: 职称：教授；团长是王建国."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from actions.forms.form import Field, Form
from actions.forms.kinds.person import Person
from actions.understanding import manners
from actions.understanding.lexicon import surnames
from actions.understanding.text import Span, fold, mask

BEHIND = r"(?:改成|改为|换成|更正为|应该是|分别是|就是|[是为叫有:：]){1,2}\s*"
UNTIL = re.compile(r"[,;\n。!?，；！？]")


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
        stop = (_until_names() if one.kind.wide else UNTIL).search(folded, head.end())
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
def _compiled(called: str, *, bare: bool) -> re.Pattern[str]:
    # 团长王建国: a person's name may stand right behind.
    behind = rf"(?:{BEHIND}|(?=[{_surnames()}]))" if bare else BEHIND
    return re.compile(rf"(?:{called})(?:的)?\s*{behind}")


def _behind(one: Field) -> re.Pattern[str]:
    return _compiled(one.called.pattern, bare=isinstance(one.kind, Person))


@cache
def _until_names() -> re.Pattern[str]:
    """Names are parted by commas too: the end is a comma before what begins no name."""
    return re.compile(rf"[;\n。]|,\s*(?=[^,;。\n]{{1,8}}[:是为])|,\s*(?![{_surnames()}])")


@cache
def _surnames() -> str:
    return "".join(sorted(surnames()[0]))
