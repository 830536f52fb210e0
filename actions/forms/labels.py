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
CHANGE_ALONE = re.compile(
    r"(?:请|帮我|麻烦|我|想|要|需要|得|的|把|给|了|吧|再|说|内容|重新|改动|修改|更改|改|换|写|填|一下|下|[,。!\s])*"
)
"""What stands beside a field's name when its change is asked for, and nothing to change it to."""
TAKES_BACK = re.compile(r"[不别](?:留|填|写|要|用|给)|删|去掉|清[掉空]|撤掉")
TAKEN_BACK = re.compile(
    r"(?:请|帮我|把|我的?|那个|就|也|先|还是|可以|给|一?下|的|[不别](?:留|填|写|要|用|给)|删[掉除]?|去掉|清[掉空]|撤掉|了|吧|[,。!\s])*"
)
"""The same, when the field is to be forgotten."""
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


def begins_with_field(form: Form, text: str) -> bool:
    """Whether the text answers for a field by naming it first."""
    said = fold(text).strip()
    told = segments(form, said)
    return any(one.name in told and one.called.match(said) for one in form.fields)


def without(form: Form, text: str, spans: Mapping[str, Span]) -> str:
    """The text with the labelled answers blanked, and the names they stand behind."""
    folded = fold(text)
    heads = {one.name: _behind(one).search(folded) for one in form.fields if one.name in spans}
    whole = [
        Span(start=head.start() if (head := heads[name]) else span.start, end=span.end)
        for name, span in spans.items()
    ]
    return mask(text, whole) if whole else text


def named(form: Form, text: str) -> str | None:
    """The field that the text wants changed without saying what to."""
    folded = fold(text)
    if not manners.CHANGE.search(folded):
        return None
    found = [(hit, one.name) for one in form.fields if (hit := one.called.search(folded))]
    longest = max(found, key=lambda pair: len(pair[0][0]), default=None)
    return longest[1] if longest else None


def bare_change(form: Form, text: str) -> str | None:
    """The field whose change is asked for in a text that says nothing else."""
    name = named(form, text)
    one = form.field(name)
    return name if one and CHANGE_ALONE.fullmatch(_beside(one, text)) else None


def taken_back(form: Form, text: str) -> str | None:
    """The field that is to be forgotten: 电话不留了，删掉."""
    for one in form.fields:
        beside = _beside(one, text)
        if beside != fold(text) and TAKES_BACK.search(beside) and TAKEN_BACK.fullmatch(beside):
            return one.name
    return None


def _beside(one: Field, text: str) -> str:
    return one.called.sub("", fold(text), count=1)


@lru_cache(maxsize=256)
def _compiled(called: str, *, bare: bool) -> re.Pattern[str]:
    # 团长王建国: a person's name may stand right behind.
    behind = rf"(?:{BEHIND}|(?=[{_surnames()}]))" if bare else BEHIND
    return re.compile(rf"(?:{called})(?:的)?\s*{behind}")


def _behind(one: Field) -> re.Pattern[str]:
    return _compiled(one.called.pattern, bare=isinstance(one.kind, Person))


@cache
def _until_names() -> re.Pattern[str]:
    """Names are parted by commas too: the end is one before what is no name and counts none."""
    return re.compile(
        rf"[;\n。]|,\s*(?=[^,;。\n]{{1,8}}[:是为])|,\s*(?![{_surnames()}]|一共|总共|合计|共\d)"
    )


@cache
def _surnames() -> str:
    return "".join(sorted(surnames()[0]))
