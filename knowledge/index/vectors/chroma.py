"""Chroma's clients, embedded or of a server, so that waiting ends and sockets are let go."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HEARTBEAT_S = 3.0
"""Longest wait for a sign of life when a client is made, which would wait for ever itself."""

SERVER_S = 30.0
"""Longest wait for one reply of a server; its own client would wait for ever."""


def open_client(folder: Path, url: str | None) -> Any:  # noqa: ANN401 -- two client kinds
    """The client of the store in `folder`, or of the server at `url`.

    Raises:
        UnavailableError: no server answers there.
    """
    import chromadb  # noqa: PLC0415 -- heavy: loaded on first use
    from chromadb.config import Settings  # noqa: PLC0415 -- heavy: loaded on first use

    settings = Settings(anonymized_telemetry=False)
    if url is None:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    from knowledge.endpoint.client import (  # noqa: PLC0415 -- heavy: loaded on first use
        demand_answer,
    )

    demand_answer(f"{url.rstrip('/')}/api/v2/heartbeat", HEARTBEAT_S)
    parts = urlsplit(url)
    client = chromadb.HttpClient(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 8000,
        ssl=parts.scheme == "https",
        settings=settings,
    )
    for session in _sessions(client):
        session.timeout = SERVER_S
    return client


def close_client(client: Any) -> None:  # noqa: ANN401 -- two client kinds
    """Let go of files and sockets."""
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _sessions(client: Any) -> list[Any]:  # noqa: ANN401 -- two client kinds
    """The HTTP connections of a server's client, which it neither bounds nor closes itself."""
    both = (client, client._admin_client)  # noqa: SLF001 -- there is no other way to them
    found = (getattr(one._server, "_session", None) for one in both)  # noqa: SLF001 -- as above
    return [session for session in found if session is not None]
