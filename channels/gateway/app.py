"""The gateway: every HTTP door of the house in one application."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, TypedDict

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from channels.broadcasts.gateway import BroadcastGateway
from channels.calendar.feeds import CalendarFeeds
from channels.calendar.gateway import CalendarGateway
from channels.desk.gateway import DeskGateway
from channels.dingtalk.gateway import DingTalkGateway
from channels.feishu.gateway import FeishuGateway
from channels.gateway.guards import AddressLimit, BodyCap, SecurityHeaders
from channels.gateway.health import Health, Probe
from channels.gateway.metrics import Metrics
from channels.gateway.settings import GatewaySettings
from channels.mail.gateway import MailGateway
from channels.rates import TokenBuckets
from channels.records.gateway import RecordsGateway
from channels.refusals import LastResort, install_refusals
from channels.web.bell import Bell
from channels.web.gateway import WebGateway
from channels.web.settings import STATIC
from channels.web.widget import FRAMED
from channels.webhook.gateway import WebhookGateway
from channels.wechat.gateway import WeChatGateway
from channels.wecom.bot.gateway import WeComBotGateway
from channels.wecom.gateway import WeComGateway
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from core.services.libraries.finding import FindRecords


class Shared(TypedDict):
    """What the entrances of platforms share."""

    accept: AcceptInbound
    units: Units
    users: TokenBuckets
    strangers: TokenBuckets


class Entrance(Protocol):
    """Where a platform brings messages."""

    @property
    def paths(self) -> frozenset[str]:
        """Requests to these are limited behind them."""
        ...

    def router(self) -> APIRouter:
        """The routes."""
        ...


def make_app(
    settings: GatewaySettings,
    *,
    accept: AcceptInbound,
    units: Units,
    bell: Bell | None = None,
    probes: Mapping[str, Probe] | None = None,
    find_records: FindRecords | None = None,
) -> FastAPI:
    """Join the doors.

    `bell` is the one given to `WebSender` when both live in one process. `probes` are the
    neighbours `/readyz` reports on, asked once a second at most. Without `find_records` the
    libraries have no door here.
    """
    clock = accept.clock
    bell = bell or Bell()
    app = FastAPI(title="科桥 Keqiao", docs_url=None, redoc_url=None, lifespan=_closing(bell))
    install_refusals(app)
    writes = TokenBuckets(settings.address_rate, clock)
    users = TokenBuckets(settings.hook_user_rate, clock)
    hooks = WebhookGateway(
        settings.hooks, accept=accept, clock=clock, users=users, strangers=writes
    )
    shared = Shared(accept=accept, units=units, users=users, strangers=writes)
    callbacks: list[Entrance] = [hooks, *_platforms(settings, shared)]
    app.add_middleware(BodyCap, limit=settings.max_body_bytes, except_under=settings.other_pages)
    app.add_middleware(
        AddressLimit,
        writes=writes,
        reads=TokenBuckets(settings.read_rate, clock),
        except_for=frozenset[str]().union(*(one.paths for one in callbacks)),
    )
    app.add_middleware(LastResort)
    app.add_middleware(
        SecurityHeaders,
        except_under=settings.other_pages,
        framed_under=FRAMED,
        framed_by=settings.web.widget_origins,
    )
    feeds = _feeds(settings, units, clock)
    web = WebGateway(
        settings=settings.web,
        accept=accept,
        units=units,
        clock=clock,
        bell=bell,
        feeds=feeds,
    )
    dates = CalendarGateway(units=units, clock=clock, site=settings.site, feeds=feeds)
    for router in (web.router(), dates.router(), *(one.router() for one in callbacks)):
        app.include_router(router)
    if settings.mail is not None:
        app.include_router(MailGateway(settings.mail, units, clock).router())
    if settings.desk is not None:
        app.include_router(DeskGateway(settings.desk, units).router())
    if settings.broadcasts is not None:
        app.include_router(BroadcastGateway(settings.broadcasts, units).router())
    if find_records is not None:
        app.include_router(RecordsGateway(find_records).router())
    app.include_router(Health(units, probes or {}, clock).router())
    app.include_router(Metrics(units, clock, settings.metrics_token).router())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/docs", _docs, methods=["GET"], include_in_schema=False)
    return app


def _platforms(settings: GatewaySettings, shared: Shared) -> Iterator[Entrance]:
    """The entrances of the platforms that the settings open."""
    if settings.dingtalk is not None:
        yield DingTalkGateway(settings.dingtalk, **shared)
    if settings.feishu is not None and settings.feishu.encrypt_key:
        yield FeishuGateway(settings.feishu, **shared)
    if settings.wechat is not None:
        yield WeChatGateway(settings.wechat, **shared)
    if settings.wecom is not None:
        yield WeComGateway(settings.wecom, **shared)
    if settings.wecom_bot is not None:
        yield WeComBotGateway(settings.wecom_bot, **shared)


def _feeds(settings: GatewaySettings, units: Units, clock: Clock) -> CalendarFeeds | None:
    """People's own calendars, where their links can be signed."""
    if not settings.calendar_secret:
        return None
    return CalendarFeeds(
        units=units, clock=clock, secret=settings.calendar_secret, site=settings.site
    )


def _closing(bell: Bell) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        bell.close()

    return lifespan


def _docs() -> FileResponse:
    return FileResponse(STATIC / "docs.html")
