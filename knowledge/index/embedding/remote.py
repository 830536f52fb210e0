"""Any OpenAI-compatible endpoint for embeddings, through LangChain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, override

import numpy as np
from pydantic import SecretStr

from core.domain.errors import BadInputError, KeqiaoError, UnavailableError
from knowledge.endpoint.client import bounded_client
from knowledge.index.embedding.learned import LearnedEmbeddings, Vectors
from knowledge.index.embedding.words import say

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

QUESTION_S = 3.0
"""A person waits for a question's vector; without it the words alone find."""

BATCH_S = 60.0
_BATCH = 64
_RETRIES = 3
_KEY_REFUSED = {401, 403}
_NOT_FOUND = {404}
_ROWS = 2


class RemoteEmbeddings(LearnedEmbeddings):
    """Asks an endpoint: documents in batches with retries, a question once and briefly."""

    def __init__(self, url: str, model: str, key: SecretStr | None, instruction: str) -> None:
        super().__init__(model, instruction)
        self._url = url
        self._for_documents = _asking(url, model, key, total_s=BATCH_S, retries=_RETRIES)
        self._for_questions = _asking(url, model, key, total_s=QUESTION_S, retries=0)

    @override
    def _embed(self, texts: Sequence[str]) -> Vectors:
        return self._ask(self._for_documents, texts)

    @override
    def _embed_question(self, text: str) -> Vectors:
        return self._ask(self._for_questions, [text])

    def _ask(self, endpoint: "OpenAIEmbeddings", texts: Sequence[str]) -> Vectors:
        """The rows of an answer.

        Raises:
            UnavailableError: no answer, or one that is none.
            BadInputError: the endpoint refuses key, address or model.
        """
        try:
            found = np.asarray(endpoint.embed_documents([text or " " for text in texts]))
        except Exception as error:
            raise self._told(error) from error
        if found.ndim != _ROWS or len(found) != len(texts) or found.dtype.kind not in "fi":
            raise UnavailableError(say("malformed", url=self._url, error=found.shape))
        if not found.size or not np.isfinite(found).all():
            raise UnavailableError(say("malformed", url=self._url, error=found.shape))
        return found.astype(np.float32)

    def _told(self, error: Exception) -> KeqiaoError:
        import openai  # noqa: PLC0415 -- heavy: loaded on first use

        url = self._url
        if isinstance(error, openai.APIStatusError):
            status = error.status_code
            if status in _KEY_REFUSED:
                return BadInputError(say("key_refused", url=url, status=status))
            if status in _NOT_FOUND:
                return BadInputError(say("not_found", url=url, model=self.name, status=status))
            return UnavailableError(say("refused", url=url, status=status))
        if isinstance(error, openai.APIConnectionError):
            return UnavailableError(say("unreachable", url=url, error=type(error).__name__))
        return UnavailableError(say("malformed", url=url, error=type(error).__name__))


def _asking(
    url: str, model: str, key: SecretStr | None, *, total_s: float, retries: int
) -> "OpenAIEmbeddings":
    from langchain_openai import OpenAIEmbeddings  # noqa: PLC0415 -- heavy: loaded on first use

    return OpenAIEmbeddings(
        model=model,
        base_url=url,
        api_key=key or SecretStr("none"),
        check_embedding_ctx_length=False,  # that would count OpenAI's own tokens, and send these
        chunk_size=_BATCH,
        max_retries=retries,
        timeout=total_s,
        http_client=bounded_client(total_s),
        model_kwargs={"encoding_format": "float"},  # known to every server; Base64 is not
    )
