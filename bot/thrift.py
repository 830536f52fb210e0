"""What Rasa 3.6.21 does anew in every turn, done once.

Nothing here changes what a turn does; docs/architecture.md tells what turns cost. All this
reaches into one release of Rasa, as adjustments.py does.
"""

from contextlib import nullcontext
from copy import copy
from functools import cache
from typing import Any

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig
from sanic import Sanic

UNREAD = {"actions": []}
"""In place of the domain: no action of ours reads it, but the action server asks for one."""


def be_thrifty(app: Sanic) -> None:
    """Take all of these measures."""
    check_results_by_hand()
    run_graphs_in_line()
    find_kinds_of_events_once()
    copy_trackers_as_they_are()
    know_an_empty_domain()
    send_no_domain()
    keep_connections(app)


def check_results_by_hand() -> None:
    """Look whether an action's result has its two lists, without a schema.

    Rasa checks the schema itself again each time, which was two thirds of a turn; one that is
    built once tries all kinds of events on each. Rasa refuses a kind that it does not know.
    """

    def validate(_action: RemoteAction, result: Any) -> bool:  # noqa: ANN401 -- whatever came
        if isinstance(result, dict):
            events, said = result.get("events", []), result.get("responses", [])
            if _are_objects(events) and _are_objects(said) and all("event" in e for e in events):
                return True
        raise ValueError("the action server's answer holds no lists of events and responses")

    RemoteAction._validate_action_result = validate  # noqa: SLF001 -- the point of this module


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def run_graphs_in_line() -> None:
    """Run the nodes of a graph one after another, in an order worked out once.

    Dask sorts the graph for each message and each prediction, for threads that it does not use.
    """

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: Any = None,  # noqa: ANN401
    ) -> dict[str, Any]:
        schema: GraphSchema = self._graph_schema
        wanted = tuple(targets or schema.target_names)
        orders = self.__dict__.setdefault("orders", {})
        if wanted not in orders:
            orders[wanted] = _order(schema.minimal_graph_schema(list(wanted)))
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in orders[wanted]:
            node = self._instantiated_nodes[name]
            done[name] = node(*(done.get(need, need) for need in needs))
        return {name: done[name][1] for name in wanted}

    DaskGraphRunner.run = run


def _order(schema: GraphSchema) -> list[tuple[str, tuple[str, ...]]]:
    """Every node after those that it needs, with their names."""
    order: dict[str, tuple[str, ...]] = {}

    def add(name: str) -> None:
        if name in order or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            add(need)
        order[name] = needs

    for name in schema.nodes:
        add(name)
    return list(order.items())


def find_kinds_of_events_once() -> None:
    """Remember which class a kind of event is; Rasa looks through all classes for each event."""
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))


def copy_trackers_as_they_are() -> None:
    """Copy a tracker's state instead of replaying the whole conversation, for each action."""

    def replica(self: DialogueStateTracker) -> DialogueStateTracker:
        new = copy(self)
        new.events = copy(self.events)
        new.slots = {name: copy(slot) for name, slot in self.slots.items()}
        new.active_loop = copy(self.active_loop)
        # As a replayed one: it puts no names of model and assistant into events.
        new.model_id = new.assistant_id = None
        return new

    DialogueStateTracker.copy = replica


def know_an_empty_domain() -> None:
    """Look once whether a domain is empty; Rasa makes one to compare it with, for each message."""
    original = Domain.is_empty

    def is_empty(self: Domain) -> bool:
        if "is_known_empty" not in self.__dict__:
            self.is_known_empty = original(self)
        return bool(self.is_known_empty)

    Domain.is_empty = is_empty


def send_no_domain() -> None:
    """Call the action server without the domain: most of what was sent, and never read there."""
    original = RemoteAction._action_call_format  # noqa: SLF001 -- the point of this module

    def call_format(
        self: RemoteAction, tracker: DialogueStateTracker, domain: Domain
    ) -> dict[str, Any]:
        return {**original(self, tracker, domain), "domain": UNREAD}

    RemoteAction._action_call_format = call_format  # noqa: SLF001 -- the point of this module


def keep_connections(app: Sanic) -> None:
    """Keep connections to the action server open; Rasa opens one for each action."""
    opened: list[aiohttp.ClientSession] = []

    def session(_endpoint: EndpointConfig) -> nullcontext[aiohttp.ClientSession]:
        if not opened:
            timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
            opened.append(aiohttp.ClientSession(timeout=timeout))
        return nullcontext(opened[0])

    async def close(_app: Sanic, _loop: object) -> None:
        for one in opened:
            await one.close()

    EndpointConfig.session = session
    app.register_listener(close, "after_server_stop")
