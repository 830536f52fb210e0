"""A form told without Rasa: texts in, the draft and the name of its question out."""

from datetime import datetime, timedelta

from actions.forms import engine
from actions.forms.asking import question, told
from actions.forms.draft import Draft
from actions.forms.engine import Said
from actions.forms.load import load_forms
from core.domain.records import Library, Record

AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
"""A Saturday morning in Shanghai."""
CALLS = (
    Record(library=Library.CALLS, external_id="1", title="精密模具揭榜项目"),
    Record(library=Library.CALLS, external_id="2", title="动力电池先导技术榜单"),
)


class Telling:
    """One person and one form."""

    def __init__(self, form: str) -> None:
        self.form = load_forms()[form]
        self.draft: Draft | None = None
        self.at = AT
        self.turns = 0

    def say(self, *texts: str) -> str:
        """Say them one by one; the name of the last question."""
        for text in texts:
            self.turns += 1
            said = Said(text=text, at=self.at, key=f"web:m{self.turns}", records=CALLS)
            if self.draft is None:
                self.draft = engine.begin(self.form, said)
            else:
                self.draft = engine.hear(self.form, self.draft, said)
        return self.asked

    def wait(self, hours: float) -> None:
        """Time passes."""
        self.at += timedelta(hours=hours)

    @property
    def now(self) -> Draft:
        """The draft as it is."""
        assert self.draft is not None
        return self.draft

    @property
    def asked(self) -> str:
        """The name of the question that stands."""
        return question(self.form, self.now, CALLS).name

    @property
    def noted(self) -> str:
        """What was said back."""
        reply = told(self.form, self.now)
        return reply.text if reply else ""

    def shown(self, name: str) -> str:
        """A field as its person reads it."""
        field = self.form.field(name)
        assert field is not None
        return field.kind.show(self.now.known[name])
