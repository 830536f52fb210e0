"""Is it alive, and can it serve."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Response

from core.ports.unit_of_work import Units

type Probe = Callable[[], bool]


class Health:
    """Answers load balancers and `doctor`; `probes` are neighbours that may be down."""

    def __init__(self, units: Units, probes: Mapping[str, Probe]) -> None:
        self._units = units
        self._probes = probes

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["health"])
        router.add_api_route("/healthz", self.alive, methods=["GET"])
        router.add_api_route("/readyz", self.ready, methods=["GET"])
        return router

    async def alive(self) -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    def ready(self, response: Response) -> dict[str, Any]:
        """Each part and how it is; 503 only when nothing could be accepted."""
        database = _holds(self._ask_database)
        parts = {"database": database} | {
            name: _holds(probe) for name, probe in self._probes.items()
        }
        if not database:
            response.status_code = 503
        status = "unavailable" if not database else "ok" if all(parts.values()) else "degraded"
        return {
            "status": status,
            "parts": {name: "ok" if fine else "down" for name, fine in parts.items()},
        }

    def _ask_database(self) -> bool:
        with self._units() as unit:
            unit.outbox.count_by_state()
        return True


def _holds(probe: Probe) -> bool:
    try:
        return probe()
    except Exception:  # noqa: BLE001 -- whatever a neighbour raises, it is down
        return False
