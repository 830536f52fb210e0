"""Whole conversations, each to the state that it leaves in the database."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keqiao.bootstrap import Site
from keqiao.example.load import example_records, render_documents
from keqiao.processes.session import with_bot
from keqiao.settings import load_settings
from tests.acceptance.conftest import make_place
from tests.conversations.endings import wrong_ends
from tests.conversations.playing import Played, Stage, address_of
from tests.conversations.rules import broken_rules, unmet_wishes
from tests.conversations.script import BEGINS, Conversation, conversations

pytestmark = pytest.mark.acceptance

AT_ONCE = 3
"""Conversations played side by side: the bot, the action server and this process are busy."""

ALL = conversations()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Stage]:
    """A site with the example as of the day the conversations begin, and a bot of its own."""
    place = make_place(tmp_path_factory.mktemp("talks") / "var", models=models)
    site = Site(load_settings(home=place.home, example=False))
    list(site.knowledge.ingest(render_documents(place.home / "example", BEGINS)))
    site.store_records(example_records(BEGINS))
    with with_bot(site, print) as running:
        running.handle_inbound  # noqa: B018 -- made once, before threads ask for it
        yield Stage(running)
    site.close()


@pytest.fixture(scope="module")
def played(stage: Stage) -> Mapping[str, Played]:
    """All of them, as they went."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {one.conversation.name: one for one in pool.map(stage.play, ALL)}


def _cases() -> Iterator[object]:
    for one in ALL:
        marks = [pytest.mark.xfail(reason=one.pending, strict=True)] if one.pending else []
        yield pytest.param(one, id=one.name, marks=marks)


@pytest.mark.parametrize("conversation", list(_cases()))
def test_a_conversation_ends_as_its_people_meant_it(
    stage: Stage, played: Mapping[str, Played], conversation: Conversation
) -> None:
    went = played[conversation.name]
    database = stage.site.settings.home / "keqiao.db"
    wrong = [
        *broken_rules(went),
        *unmet_wishes(went),
        *(
            each
            for by, expected in conversation.ends.items()
            for each in wrong_ends(database, address_of(conversation, by), expected)
        ),
    ]
    assert not wrong, "\n".join((*wrong, str(went)))
