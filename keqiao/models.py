"""The models that the settings name: in the knowledge base, and as a second reader of needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from keqiao.settings import Settings

if TYPE_CHECKING:  # each is imported when it is first asked for
    from actions.understanding.second import SecondReading
    from knowledge.base import IndexedKnowledgeBase
    from knowledge.rewording.model import ChatSettings


def knowledge_base(settings: Settings, units: Units, clock: Clock) -> IndexedKnowledgeBase:
    """Documents and records, indexed in the home folder.

    Raises:
        BadInputError: a model that is asked for cannot be used.
    """
    from knowledge.base import IndexedKnowledgeBase
    from knowledge.index.embedding.choice import EmbeddingSettings, open_embeddings
    from knowledge.rewording.model import open_chat
    from knowledge.rewording.rewording import Rewording

    embedding = EmbeddingSettings(
        folder=settings.embedding_folder,
        url=settings.embedding_url,
        model=settings.embedding_model,
        key=settings.embedding_key,
        instruction=settings.embedding_instruction,
    )
    chat = open_chat(_chat(settings, settings.chat_timeout))
    return IndexedKnowledgeBase(
        units,
        settings.home,
        clock,
        open_embeddings(embedding),
        chroma_url=settings.chroma_url,
        rewording=Rewording(chat, timeout_s=settings.chat_timeout) if chat else None,
    )


def second_reading(settings: Settings) -> SecondReading | None:
    """Needs read again by the language model; None unless one is set and the settings want it.

    Raises:
        BadInputError: the model cannot be used.
    """
    if not settings.second_reader:
        return None
    from actions.understanding.second import SecondReading
    from knowledge.rewording.model import open_chat
    from knowledge.second_reader import TIMEOUT_S, ModelReader

    timeout_s = min(settings.chat_timeout, TIMEOUT_S)
    chat = open_chat(_chat(settings, timeout_s))
    return SecondReading(reader=ModelReader(chat, timeout_s=timeout_s)) if chat else None


def _chat(settings: Settings, timeout_s: float) -> ChatSettings:
    from knowledge.rewording.model import ChatSettings

    return ChatSettings(
        url=settings.chat_url,
        model=settings.chat_model,
        key=settings.chat_key,
        timeout_s=timeout_s,
    )
