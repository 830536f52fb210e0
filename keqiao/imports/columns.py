"""Names of columns: which field each means, and which are nobody's business."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

from core.domain.records import Library

PUBLIC_CONTACTS = frozenset({Library.EVENTS, Library.CALLS})
"""Libraries whose contacts are an organiser's, published with the notice."""

_REMARK = re.compile(r"(?:\([^()]*\)|[*:?])+$")
_PRIVATE_NAME = re.compile(
    r"电话|手机|微信|邮箱|邮件|身份证|证件号|住址|银行|账号|生日|出生|qq|phone|mobile|e-?mail|wechat"
)
_PRIVATE_TEXT = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)\d{17}[\dXx](?!\d)"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
STRUCK = "（不公开）"


def normal(name: str) -> str:
    """A column's name without what people write now so, now otherwise."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).lower()
    bare = _REMARK.sub("", folded)
    return bare or folded


def field_of(name: str) -> str | None:
    """The field that a column of that name fills."""
    return _fields().get(normal(name))


def label(field: str) -> str:
    """The field's name for operators: its first Chinese alias and its English name."""
    named = (field, f"details.{field}", f"conditions.{field}")
    aliases = next((_columns()[name] for name in named if name in _columns()), [field])
    own = field.rpartition(".")[2]
    chinese = next((name for name in aliases if not name.isascii()), field)
    return own if aliases == [field] else f"{chinese}（{own}）"


def is_private(name: str, text: str) -> bool:
    """Whether a column of unknown name, or what stands in it, is for operators only."""
    return bool(_PRIVATE_NAME.search(normal(name)) or _PRIVATE_TEXT.search(text))


def struck(text: str) -> str:
    """The text without phones, addresses of mail and numbers of identity cards."""
    return _PRIVATE_TEXT.sub(STRUCK, text)


@cache
def _fields() -> dict[str, str]:
    return {normal(alias): field for field, aliases in _columns().items() for alias in aliases}


@cache
def _columns() -> dict[str, list[str]]:
    loaded = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text("utf-8"))
    return {str(field): [str(alias) for alias in aliases] for field, aliases in loaded.items()}
