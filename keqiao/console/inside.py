"""The pages behind the guard, loaded when somebody first comes in.

NiceGUI takes seconds to load, and most processes that open the gateway show no page of it.
"""

from asyncio import Lock
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

type Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


class Inside:
    """An application that is made by `make` for its first request, and lives until the end."""

    def __init__(self, make: Callable[[], Starlette]) -> None:
        self._make = make
        self._making = Lock()
        self._app: ASGIApp | None = None
        self._end = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        async with self._making:
            if self._app is None:
                app = await to_thread.run_sync(self._make)
                await self._end.enter_async_context(app.router.lifespan_context(app))
                self._app = app
        await self._app(scope, receive, send)

    def within(self, lifespan: Lifespan) -> Lifespan:
        """A lifespan at whose end this one ends too."""

        @asynccontextmanager
        async def both(app: object) -> AsyncIterator[Any]:
            async with lifespan(app) as state, self._end:
                yield state

        return both
