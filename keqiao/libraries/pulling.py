"""Pulling a source: ask, read, store, and note what became of it."""

import hashlib
import json
import logging
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from channels.errors import FeedError
from channels.feeds.fetching import Fetched, fetch
from channels.feeds.rss import rows_of_feed
from core.domain.arrivals import Arrival
from core.domain.errors import BadInputError, BadRowError, ConflictError
from core.domain.sources import Pull
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.libraries.following import FollowSource
from keqiao.imports.columns import field_of
from keqiao.imports.headers import headed
from keqiao.imports.rows import arrival_of, number_of
from keqiao.imports.tables import Row, csv_lines
from keqiao.libraries.sources import Source, load_sources

log = logging.getLogger(__name__)

WHY = {
    "unusable": "地址不可用",
    "unresolved": "域名无法解析",
    "forbidden": "地址指向内网或保留地址；确是内网来源请写 internal: true",
    "redirected": "对方要求跳转到别的地址，没有跟随；请把新地址写进 sources.yml",
    "status": "对方返回 {detail}",
    "too_large": "内容超过 20 MB",
    "slow": "对方太慢，超时",
    "unreachable": "连不上对方",
    "malformed": "内容不是约定的格式",
}
LEASE = timedelta(minutes=30)
"""How long a pull keeps others off; one that was killed is taken over after that."""


@dataclass(slots=True, kw_only=True)
class PullSources:
    """Asks sources that are due, one at a call, or one by its name."""

    home: Path
    units: Units
    clock: Clock
    follow: FollowSource
    _complaint: str = field(default="", init=False)

    def __call__(self) -> int:
        """Ask the first source that is due; 1 when there was one, else 0."""
        now = self.clock.now()
        for source in self._sources():
            with self.units() as unit:
                before = unit.pulls.find(source.name)
            if before is None or before.due_at(source.every) <= now:
                try:
                    self.pull(source)
                except ConflictError:
                    continue
                return 1
        return 0

    def pull(self, source: Source, *, even_if_small: bool = False) -> Pull:
        """Ask one source now; a failure is noted in what is returned.

        Raises:
            ConflictError: it is being asked already.
        """
        holder = f"{os.getpid()}:{secrets.token_hex(4)}"
        lease = f"source:{source.name}"
        with self.units() as unit:
            free = unit.leases.take(lease, holder, self.clock.now(), LEASE)
            before = unit.pulls.find(source.name)
            unit.commit()
        if not free:
            raise ConflictError(f"来源 {source.name} 正在拉取，请稍后再试")
        try:
            pull = self._pulled(source, before, even_if_small=even_if_small)
        finally:
            with self.units() as unit:
                unit.leases.give_back(lease, holder)
                unit.commit()
        with self.units() as unit:
            unit.pulls.put(pull)
            unit.commit()
        return pull

    def _pulled(self, source: Source, before: Pull | None, *, even_if_small: bool) -> Pull:
        now = self.clock.now()
        pull = before or Pull(name=source.name, tried_at=now)
        pull = replace(pull, tried_at=now, error="")
        try:
            # What was held back is looked at again in full.
            stamped = not even_if_small and not pull.counts.held_back
            fetched = fetch(
                source.url,
                internal=source.internal,
                etag=pull.etag if stamped else "",
                modified=pull.modified if stamped else "",
            )
            return self._taken(source, pull, fetched, even_if_small=even_if_small)
        except FeedError as error:
            why = WHY[error.code].format(detail=error.detail)
            return replace(pull, error=why)
        except BadInputError as error:
            return replace(pull, error=str(error))

    def _taken(self, source: Source, pull: Pull, fetched: Fetched, *, even_if_small: bool) -> Pull:
        """Store what came, if it is other than the last time."""
        now = self.clock.now()
        if fetched.body is None:
            return replace(pull, succeeded_at=now)
        read_by = source.model_dump_json(exclude={"every_minutes", "internal"}).encode()
        digest = hashlib.sha256(read_by + b"\0" + fetched.body).hexdigest()
        stamps = replace(
            pull, succeeded_at=now, etag=fetched.etag, modified=fetched.modified, digest=digest
        )
        if digest == pull.digest and not even_if_small:
            return stamps
        rows = _Rows(source=source, body=fetched.body)
        arrivals = list(rows.arrivals())
        if not arrivals:
            raise BadInputError("没有读到可用的记录，原有记录保持不变")
        counts = self.follow(
            source.name,
            source.library,
            arrivals,
            also=None if rows.nameless else rows.unread,
            even_if_small=even_if_small,
        )
        return replace(stamps, counts=replace(counts, refused=rows.refused))

    def _sources(self) -> tuple[Source, ...]:
        """Those of the file; one that cannot be used is complained of once."""
        try:
            found = load_sources(self.home)
        except BadInputError as error:
            if str(error) != self._complaint:
                self._complaint = str(error)
                log.error("no source is asked: %s", error)  # noqa: TRY400 -- it is all said
            return ()
        self._complaint = ""
        return found


@dataclass(slots=True, kw_only=True)
class _Rows:
    """What a source gave, row by row, and what of it could not be read."""

    source: Source
    body: bytes
    refused: int = 0
    nameless: bool = False
    """Whether a row could not be read that does not even tell its number."""
    unread: list[str] = field(default_factory=list)

    def arrivals(self) -> Iterator[Arrival]:
        """Those that can be read; of one number the last."""
        found: dict[str, Arrival] = {}
        for row in self._rows():
            named = {self.source.columns.get(name, name): value for name, value in row.items()}
            try:
                one = arrival_of(named, library=self.source.library, source=self.source.title)
            except BadRowError:
                self._refuse(number_of(named))
            else:
                found[one.record.external_id] = one
        return iter(found.values())

    def _refuse(self, number: str) -> None:
        self.refused += 1
        if number:
            self.unread.append(number)
        else:
            self.nameless = True

    def _rows(self) -> Iterator[Row]:
        if self.source.format == "rss":
            for one in rows_of_feed(self.body):
                yield dict(one)
        elif self.source.format == "json":
            yield from self._json()
        else:
            yield from self._csv()

    def _json(self) -> Iterator[Row]:
        try:
            found = json.loads(self.body)
            for key in filter(None, self.source.rows.split(".")):
                found = found[key]
        except (ValueError, RecursionError, KeyError, TypeError):
            raise FeedError("malformed") from None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise FeedError("malformed")
        yield from found

    def _csv(self) -> Iterator[Row]:
        def known(name: str) -> str | None:
            return field_of(self.source.columns.get(name, name))

        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(self.body)
            file.flush()
            lines = csv_lines(Path(file.name))
            for _, row in headed(lines, known, name=self.source.title):
                if row is not None:
                    yield row
