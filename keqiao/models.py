"""The knowledge base with the models that the settings name."""

from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from keqiao.settings import Settings
from knowledge.base import IndexedKnowledgeBase
from knowledge.index.embedding.choice import EmbeddingSettings, open_embeddings
from knowledge.rewording.model import ChatSettings, open_chat
from knowledge.rewording.rewording import Rewording


def knowledge_base(settings: Settings, units: Units, clock: Clock) -> IndexedKnowledgeBase:
    """Documents and records, indexed in the home folder.

    Raises:
        BadInputError: a model that is asked for cannot be used.
    """
    embedding = EmbeddingSettings(
        folder=settings.embedding_folder,
        url=settings.embedding_url,
        model=settings.embedding_model,
        key=settings.embedding_key,
        instruction=settings.embedding_instruction,
    )
    chat = open_chat(
        ChatSettings(
            url=settings.chat_url,
            model=settings.chat_model,
            key=settings.chat_key,
            timeout_s=settings.chat_timeout,
        )
    )
    return IndexedKnowledgeBase(
        units,
        settings.home,
        clock,
        open_embeddings(embedding),
        chroma_url=settings.chroma_url,
        rewording=Rewording(chat, timeout_s=settings.chat_timeout) if chat else None,
    )
