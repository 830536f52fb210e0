"""What people write, made fit to be kept."""

from channels.errors import RefusedRequestError
from core.domain.conversations import MAX_TEXT_CHARS


def cleaned(text: str) -> str:
    """The text without what no database takes: half of a surrogate pair, and NUL.

    Raises:
        RefusedRequestError: nothing is left, or it is too long.
    """
    text = text.encode("utf-8", "replace").decode().replace("\x00", "").strip()
    if not text:
        raise RefusedRequestError(422, "text_empty")
    if len(text) > MAX_TEXT_CHARS:
        raise RefusedRequestError(413, "text_too_long")
    return text
