"""One message and a form: what it fills, what stays doubtful, what is asked next.

Pure: a description, a draft and what was said give the next draft. `actions/forms/asking.py` says
the draft's question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from actions.forms.draft import CONFIRM, DECLINED, RETURN, Doubt, Draft, Json, State
from actions.forms.findings import find, reread
from actions.forms.form import Field, Form
from actions.forms.kinds.base import Heard
from actions.forms.labels import bare_change, named, taken_back
from actions.understanding import manners
from core.domain.records import Record

PAUSE = timedelta(hours=12)
"""A silence after which the person is told what is unfinished before anything is asked."""
WORTH_ASKING = 2
"""From so many given fields on, giving up is asked back."""
LONGEST_RAW = 40
"""Characters of an answer that is taken in the person's own words."""
TO_US = re.compile(r"^\s*[/／]|[<>{}]|[你您]")
NO_MORE = re.compile(
    r"(?:算了|(?:先|暂时)?不(?:用|了|要|想|弄|填|登记|做)?(?:填|弄|做)?了?)[吧。!！]?"
)
HANDS_IN = re.compile("提交|上交")
"""Whoever hands a form in does not give it up, though both may sound like a yes."""
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message: its words, its moment, its key, and the records that the form can be about.

    `quotes` are words in it that a second reader pointed at, by what reads them.
    """

    text: str
    at: datetime
    key: str
    records: tuple[Record, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)


def begin(form: Form, said: Said, kept: Draft | None = None) -> Draft:
    """Open a form with what the opening message fills; facts kept before yield to it."""
    values = {**reread(form, said.quotes, said.at), **(kept.values if kept else {})}
    return _facts(form, Draft(form=form.name, values=values), said)


def hear(form: Form, draft: Draft, said: Said) -> Draft:
    """A message in an open form."""
    if draft.asked is None:
        return begin(form, said, draft)
    told = _special(form, draft, said) or _facts(form, draft, said)
    if not _paused(draft, said):
        return told
    if manners.goes_on(said.text) and told.state is State.OPEN:
        return _with_all_noted(form, told)
    if told.values == draft.values and told.state is State.OPEN:
        return come_back(draft, said)
    return _with_all_noted(form, told)


def resume(form: Form, draft: Draft, said: Said) -> Draft:
    """Something else was served in this turn: the form asks again what it asked."""
    if draft.state is not State.OPEN:
        return draft
    same = draft.heard == said.key
    if _paused(draft, said) and not same:
        return come_back(draft, said)
    asked = draft.asked if draft.asked == RETURN else _asked(form, draft.values, draft.doubt)
    noted, leaving = (draft.noted, draft.leaving) if same else ((), False)
    return replace(draft, asked=asked, noted=noted, leaving=leaving, heard_at=said.at)


def come_back(draft: Draft, said: Said) -> Draft:
    """Ask whether to go on with a draft that was left open."""
    return replace(
        draft,
        asked=RETURN,
        doubt=None,
        noted=(),
        leaving=False,
        state=State.OPEN,
        heard_at=said.at,
        heard=said.key,
    )


def leave(form: Form, draft: Draft, said: Said) -> Draft:
    """A cancellation: at once when that is plain or little was said, else after asking."""
    asked = form.field(draft.asked)
    draft = replace(draft, heard=said.key, heard_at=said.at)
    if draft.leaving and manners.stays(said.text):
        return _after(form, draft, said, {})
    if asked is not None and not asked.required and manners.skips(said.text):
        # 不留了: one answer declined, not the whole form.
        return _after(form, draft, said, {asked.name: DECLINED})
    if draft.asked == CONFIRM and form.speaks_of(said.text) and not manners.gives_up(said.text):
        # 算了，时间还是宽一点，12月底: taken back is what was said before.
        told = _facts(form, draft, said)
        if told.values != draft.values:
            return told
    little = len(draft.known) < WORTH_ASKING or draft.asked == RETURN
    if little or draft.leaving or manners.gives_up(said.text):
        return replace(draft, state=State.LEFT)
    return replace(draft, leaving=True, doubt=None, noted=())


def open_again(draft: Draft) -> Draft:
    """Storing failed: back to the summary, with the same key."""
    return replace(draft, state=State.OPEN, asked=CONFIRM, doubt=None, noted=())


def _paused(draft: Draft, said: Said) -> bool:
    return draft.heard_at is not None and said.at - draft.heard_at > PAUSE


def _asked(form: Form, values: Mapping[str, Json], doubt: Doubt | None) -> str:
    return doubt.field if doubt and doubt.field else form.next(values)


def _special(form: Form, draft: Draft, said: Said) -> Draft | None:
    """Answers that are no facts: yes, no, go on, skip, hand it in."""
    text = said.text
    heard = replace(draft, heard=said.key, heard_at=said.at)
    if draft.leaving and manners.affirms(text) and not HANDS_IN.search(text):
        return replace(heard, state=State.LEFT)
    if draft.asked == RETURN:
        return _on_return(form, heard, said)
    if manners.goes_on(text):
        return _after(form, heard, said, {})
    return _changed(form, heard, said) or _of_asked(form, heard, said)


def _of_asked(form: Form, draft: Draft, said: Said) -> Draft | None:
    asked = form.field(draft.asked)
    if asked is None:
        return _on_card(draft, said)
    answers = asked.kind.answers(said.text, said.records)
    return None if answers else _passed(form, draft, asked, said)


def _changed(form: Form, draft: Draft, said: Said) -> Draft | None:
    """A known field that is to be said anew, or forgotten."""
    name = bare_change(form, said.text)
    if name in draft.values:
        return _doubting(draft, Doubt(kind="change", field=str(name)))
    one = form.field(taken_back(form, said.text))
    if one is None or one.required or one.name not in draft.known:
        return None
    return _after(form, draft, said, {one.name: DECLINED})


def _passed(form: Form, draft: Draft, asked: Field, said: Said) -> Draft | None:
    """The question passed over, or all that are left."""
    if manners.submits(said.text) and not asked.required:
        missing = [one for one in form.fields if one.name not in draft.values]
        return _after(form, draft, said, {m.name: DECLINED for m in missing if not m.required})
    if not manners.skips(said.text):
        return None
    if asked.required:
        return _doubting(draft, Doubt(kind="needed", field=asked.name))
    return _after(form, draft, said, {asked.name: DECLINED})


def _on_return(form: Form, draft: Draft, said: Said) -> Draft | None:
    """An answer to whether to go on: yes, no, or facts that say yes by themselves."""
    text = said.text
    if manners.affirms(text) or manners.goes_on(text) or form.called.search(text):
        return _after(form, draft, said, {})
    if manners.denies(text) or manners.gives_up(text) or NO_MORE.fullmatch(text.strip()):
        return replace(draft, state=State.LEFT)
    told = _facts(form, replace(draft, asked=form.next(draft.values)), said)
    if told.values == draft.values and (told.doubt is None or told.doubt.kind == "unclear"):
        return _doubting(draft, Doubt(kind="unclear", field=RETURN))
    return _with_all_noted(form, told)


def _with_all_noted(form: Form, draft: Draft) -> Draft:
    """After a pause all that is known is said back, so that both go on from the same."""
    return replace(draft, noted=tuple(one.name for one in form.fields if one.name in draft.values))


def _on_card(draft: Draft, said: Said) -> Draft | None:
    """An answer to the summary: yes, or no without saying what is wrong."""
    if manners.affirms(said.text) or manners.submits(said.text):
        return replace(draft, state=State.DONE, doubt=None, noted=(), key=draft.key or said.key)
    if manners.denies(said.text) or manners.wants_change(said.text):
        return _doubting(draft, Doubt(kind="modify", field=CONFIRM))
    return None


def _doubting(draft: Draft, doubt: Doubt) -> Draft:
    return replace(draft, doubt=doubt, asked=doubt.field, noted=(), leaving=False)


def _facts(form: Form, draft: Draft, said: Said) -> Draft:
    """What the message says of the fields."""
    found = find(form, draft, Heard(text=said.text, at=said.at, records=said.records))
    doubt = found.doubt
    filled = found.filled
    if not filled and doubt is None and draft.asked is not None and not found.repeats:
        filled, doubt = _own_words(form, draft, said)
    return _after(form, draft, said, filled, doubt=doubt)


def _after(
    form: Form,
    draft: Draft,
    said: Said,
    filled: Mapping[str, Json],
    *,
    doubt: Doubt | None = None,
) -> Draft:
    values = {**draft.values, **filled}
    asked = _asked(form, values, doubt)
    done = asked == CONFIRM and doubt is None and not form.confirmed
    return replace(
        draft,
        values=values,
        asked=asked,
        doubt=doubt,
        noted=_noted(form, draft, values, filled),
        leaving=False,
        state=State.DONE if done else State.OPEN,
        heard_at=said.at,
        heard=said.key,
        key=(draft.key or said.key) if done else draft.key,
    )


def _noted(
    form: Form, draft: Draft, values: Mapping[str, Json], filled: Mapping[str, Json]
) -> tuple[str, ...]:
    """Several values, a changed one, one that was not asked for, a sum or a day are said back."""
    if draft.asked is None:
        noted = tuple(one.name for one in form.fields if one.name in values)
    else:
        noted = tuple(filled)
    telling = any(
        draft.values.get(name) or name != draft.asked or _echoed(form, name) for name in noted
    )
    return noted if len(noted) > 1 or telling else ()


def _echoed(form: Form, name: str) -> bool:
    one = form.field(name)
    return one is not None and one.kind.echoed


def _own_words(form: Form, draft: Draft, said: Said) -> tuple[dict[str, Json], Doubt | None]:
    """Nothing was recognised: take the person's own words, or ask again more clearly."""
    name = named(form, said.text)
    if name:
        return {}, Doubt(kind="change", field=name)
    same = draft.doubt is not None and draft.doubt.field == draft.asked
    times = (draft.doubt.times if same and draft.doubt else 0) + 1
    raw = said.text.strip()
    asked = form.field(draft.asked)
    value = asked.kind.in_own_words(raw, times) if asked and _usable(raw) else None
    if asked and value:
        return {asked.name: value}, None
    return {}, Doubt(kind="unclear", field=str(draft.asked), times=times)


def _usable(raw: str) -> bool:
    if not 0 < len(raw) <= LONGEST_RAW or TO_US.search(raw) or not LETTER.search(raw):
        return False
    return not (manners.affirms(raw) or manners.denies(raw) or manners.asks(raw))
