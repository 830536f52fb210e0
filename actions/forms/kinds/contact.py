"""How to reach a person: name, phone, WeChat, e-mail."""

from dataclasses import asdict, dataclass, replace
from typing import ClassVar, override

from actions import wording
from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, one_of
from core.domain.needs import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactKind(Kind):
    """Name and number may come in several turns; a name alone is asked how to be reached."""

    reader: ClassVar[str] = "contact"
    replaces: ClassVar[bool] = True

    named: bool = True
    """Whether the person's name is asked for here; forms about a person have a field for it."""

    @override
    def find(self, heard: Heard) -> Finding:
        reading = heard.read().contact
        doubt = None
        if reading.bad_phone:
            doubt = Doubt(kind="phone", values={"number": reading.bad_phone})
        said = reading.contact
        if said is not None and not self._takes_name(said, heard):
            said = replace(said, name=None)
        if said is None or not one_of(asdict(said), "name", "phone", "wechat", "email"):
            return Finding(doubt=doubt) if doubt else NOTHING
        value = {**(heard.known or {}), **{k: v for k, v in asdict(said).items() if v}}
        value = asdict(Contact(**value))
        if doubt is None and not one_of(value, "phone", "wechat", "email"):
            doubt = Doubt(kind="reach", values={"name": value["name"]})
        return Finding(value=value, doubt=doubt)

    def _takes_name(self, said: Contact, heard: Heard) -> bool:
        """Whether a name is meant here; alone, it may answer for a person asked for elsewhere."""
        alone = not one_of(asdict(said), "phone", "wechat", "email")
        elsewhere = heard.reader == self.reader and not heard.asked
        return self.named and not (alone and elsewhere)

    @override
    def complete(self, value: Json) -> bool:
        return one_of(value, "phone", "wechat", "email")

    @override
    def show(self, value: Json) -> str:
        return wording.contact(self.meaning(value))

    @override
    def meaning(self, value: Json) -> Contact:
        return Contact(**value)
