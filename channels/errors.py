"""What the doors raise when they say no; `refusals` turns it into an answer."""

from core.domain.errors import BadInputError


class RefusedRequestError(BadInputError):
    """A request that is not served; `code` names its words, `retry_after` is in seconds."""

    def __init__(self, status: int, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"request refused: {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class FeedError(BadInputError):
    """A source gave nothing that can be used; `code` says why, `detail` what it answered."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"the source gave nothing usable: {code} {detail}".rstrip())
        self.code = code
        self.detail = detail
