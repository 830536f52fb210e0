"""Long connections to platforms: one for all processes, opened again whenever it breaks.

Platforms that offer one (飞书, 钉钉, 企业微信) need no address of ours: we call, and they talk
over the websocket. A platform's package says what is talked (`Talk`); here is who may talk, and
how often it is tried. `Connection(talk, units, clock)` works in a thread for as long as its block
lasts.
"""

import logging
import random
import secrets
import threading
import time
import traceback
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect

from core.domain.errors import KeqiaoError, RefusedSendError, UnavailableError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
"""The longest frame that is read; a longer one ends the connection."""

_frames = logging.getLogger(f"{__name__}.frames")
_frames.setLevel(
    logging.WARNING
)  # below, the library logs addresses with their tickets, and words
_STOP_S = 10.0
_OPEN_S = 10.0
_CLOSE_S = 2.0
_HOPELESS = 10
_GLANCE_S = 0.5
"""How long a thread that listens does not look whether it is told to stop."""


class HungUpError(UnavailableError):
    """The connection has ended, or one side wants it to; it is opened again."""


class ComeAgainError(HungUpError):
    """The platform ends the connection in good order, and wants another at once."""


class Line:
    """An open websocket; safe to send on from every thread."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def send(self, frame: str | bytes) -> None:
        """Send one frame.

        Raises:
            HungUpError: the connection has ended.
        """
        try:
            self._socket.send(frame)
        except ConnectionClosed as error:
            raise HungUpError(f"the connection has ended: {_code(error)}") from None

    def receive(self, seconds: float) -> str | bytes | None:
        """The next frame, or None when none comes in time.

        Raises:
            HungUpError: the connection has ended.
        """
        try:
            return self._socket.recv(timeout=seconds)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise HungUpError(f"the connection has ended: {_code(error)}") from None


class Talk(Protocol):
    """What one platform and we say to each other; called by one thread."""

    @property
    def name(self) -> str:
        """Whose connection it is, such as `feishu:cli_1`: of one name, one is open at a time."""
        ...

    @property
    def ping_seconds(self) -> float:
        """How often `ping` is due."""
        ...

    def address(self) -> str:
        """Where to connect to (`wss://…`), asked of the platform each time.

        Raises:
            RefusedSendError: it will not have us; trying soon again is of no use.
            KeqiaoError: it does not tell now.
        """
        ...

    def begin(self, line: Line) -> None:
        """Say what is to be said first; may raise `HungUpError`."""
        ...

    def hear(self, frame: str | bytes, line: Line) -> None:
        """Understand a frame, keep what it brings, and only then acknowledge it.

        Raises:
            HungUpError: the connection is of no more use; a `ComeAgainError`: another is wanted
                at once.
        """
        ...

    def ping(self, line: Line) -> None:
        """Say that we are still there, where frames of the websocket itself do not do."""
        ...

    def close(self) -> None:
        """Let go of what the talk itself keeps open: it is over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient a connection is.

    `lease` is how long a process that died keeps others from its place; they look every `look`
    seconds. The wait before another attempt is drawn from [0, `first` x 2**failures), at most
    `most` seconds; after a connection that held for `steady` seconds it begins anew.
    """

    lease: timedelta = timedelta(seconds=20)
    look: float = 5.0
    first: float = 1.0
    most: float = 60.0
    steady: float = 60.0


class Connection:
    """Holds one platform's connection, while no other process does."""

    def __init__(
        self, talk: Talk, units: Units, clock: Clock, *, pace: Pace | None = None
    ) -> None:
        self._talk = talk
        self._units = units
        self._clock = clock
        self._pace = pace or Pace()
        self._holder = secrets.token_hex(8)
        self._renewed = 0.0
        self._failures = 0
        self._at_once = False
        self._stop = threading.Event()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"talk {talk.name}", daemon=True)

    @property
    def talk(self) -> Talk:
        """What is talked."""
        return self._talk

    @property
    def open(self) -> bool:
        """Whether it is this process that talks just now."""
        return self._open.is_set()

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End: what is being heard is heard out, then another process may talk."""
        self._stop.set()
        self._thread.join(_STOP_S)
        self._talk.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                if not self._hold():
                    self._stop.wait(self._pace.look)
                    continue
                self._serve()
            except Exception as error:  # noqa: BLE001 -- it must outlive whatever ends it
                self._note(error, time.monotonic() - began)
            finally:
                self._open.clear()
                self._let_go()
            self._stop.wait(0 if self._at_once else self._wait())
            self._at_once = False

    def _serve(self) -> None:
        """Talk until the connection ends or is no longer ours."""
        with closing(_connected(self._talk.address())) as socket:
            line = Line(socket)
            self._talk.begin(line)
            self._open.set()
            logger.info("connected: %s", self._talk.name)
            pinged = time.monotonic()
            while not self._stop.is_set() and self._hold():
                frame = line.receive(_GLANCE_S)
                if frame is not None:
                    self._hear(frame, line)
                if time.monotonic() - pinged >= self._talk.ping_seconds:
                    self._talk.ping(line)
                    pinged = time.monotonic()

    def _hear(self, frame: str | bytes, line: Line) -> None:
        try:
            self._talk.hear(frame, line)
        except HungUpError:
            raise
        except Exception as error:  # noqa: BLE001 -- one frame must not end all the others
            # It was not acknowledged, so the platform brings it again.
            logger.warning("%s: a frame was not taken: %s", self._talk.name, _said(error))

    def _hold(self) -> bool:
        """Whether the connection is ours to open; kept so while it lasts."""
        now = time.monotonic()
        if self._renewed and now - self._renewed < self._pace.lease.total_seconds() / 3:
            return True
        with self._units() as unit:
            held = unit.leases.take(self._lease, self._holder, self._clock.now(), self._pace.lease)
            unit.commit()
        self._renewed = now if held else 0.0
        return held

    def _let_go(self) -> None:
        """Whoever else waits may try its luck."""
        if not self._renewed:
            return
        self._renewed = 0.0
        try:
            with self._units() as unit:
                unit.leases.give_back(self._lease, self._holder)
                unit.commit()
        except Exception as error:  # noqa: BLE001 -- it runs out by itself
            logger.warning("%s: the lease was not given back: %s", self._talk.name, _said(error))

    @property
    def _lease(self) -> str:
        return f"connection:{self._talk.name}"

    def _note(self, error: Exception, lasted: float) -> None:
        logger.warning("%s: %s", self._talk.name, _said(error))
        failures = 0 if lasted >= self._pace.steady else self._failures
        self._at_once = isinstance(error, ComeAgainError) and not failures
        self._failures = failures + 1
        if isinstance(error, RefusedSendError):
            self._failures = _HOPELESS  # only a person can mend it

    def _wait(self) -> float:
        most = min(self._pace.most, self._pace.first * 2.0 ** min(self._failures, _HOPELESS))
        return random.uniform(0, most)  # noqa: S311 -- so that many do not come at once


def _connected(address: str) -> ClientConnection:
    try:
        return connect(
            address,
            open_timeout=_OPEN_S,
            close_timeout=_CLOSE_S,
            max_size=MOST_BYTES,
            proxy=None,
            logger=_frames,
        )
    except InvalidURI:
        raise HungUpError("the platform gave no address to connect to") from None
    except (OSError, TimeoutError, WebSocketException) as error:
        raise HungUpError(f"the connection was not opened: {type(error).__name__}") from None


def _code(error: ConnectionClosed) -> str:
    return str(error.rcvd.code) if error.rcvd else "without a word"


def _said(error: Exception) -> str:
    """What may stand in a log: an unknown error's own text may hold what a person wrote."""
    if isinstance(error, KeqiaoError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"
