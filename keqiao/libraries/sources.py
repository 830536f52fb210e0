"""`sources.yml` in the home folder: which addresses outside the libraries follow, and how."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.domain.errors import BadInputError
from core.domain.records import Library
from core.domain.sources import SourceName

FILE = "sources.yml"


class Source(BaseModel):
    """One source. Only its own address is ever asked; nothing it says leads to another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[SourceName, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """Part of the ids of its records."""
    title: Annotated[str, Field(min_length=1, max_length=100)]
    """What people read as the source."""
    library: Library
    url: Annotated[str, Field(pattern=r"^https?://[^\s@]+$")]
    format: Literal["json", "csv", "rss"]
    every_minutes: Annotated[int, Field(ge=5, le=60 * 24 * 31)] = 24 * 60
    rows: str = ""
    """Where in a JSON answer the list of rows stands, such as `data.items`."""
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Names of its fields, and the columns they mean."""
    internal: bool = False
    """Whether the address is on this machine or in its network."""

    @property
    def every(self) -> timedelta:
        """How often it is asked."""
        return timedelta(minutes=self.every_minutes)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: tuple[Source, ...] = ()


def load_sources(home: Path) -> tuple[Source, ...]:
    """The sources of the site; none without a file.

    Raises:
        BadInputError: the file cannot be used; says what is wrong with which source.
    """
    path = home / FILE
    if not path.exists():
        return ()
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} 不是有效的 YAML：{str(error).splitlines()[0]}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInputError(f"{path} 的 {where} 不可用：{first['msg']}") from None
    names = [one.name for one in found.sources]
    if len(set(names)) < len(names):
        raise BadInputError(f"{path} 里有同名的来源，请改成不同的 name")
    return found.sources
