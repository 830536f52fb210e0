"""The gateway served in a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn

from core.domain.errors import UnavailableError
from keqiao.bootstrap import Site
from keqiao.processes.speaking import speaking

START_S = 20.0
STOP_S = 10.0


@contextmanager
def gateway(site: Site) -> Iterator[None]:
    """Serve until the block ends; open event streams are closed within seconds.

    Beside it are held the long connections to platforms that bring messages without HTTP.

    Raises:
        UnavailableError: it did not come up.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            site.web_app(),
            host=site.settings.host,
            port=site.settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=site.settings.trusted_proxies,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, name="gateway", daemon=True)
    thread.start()
    deadline = time.monotonic() + START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise UnavailableError("网关没有启动成功，请查看日志")
        time.sleep(0.02)
    try:
        with ExitStack() as stack:
            connections = site.connections()
            for connection in connections:
                stack.enter_context(connection)
            stack.enter_context(speaking(site, connections))
            yield
    finally:
        site.bell.close()
        server.should_exit = True
        thread.join(STOP_S)
