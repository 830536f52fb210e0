"""What the API of broadcasts needs to know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from channels.desk.settings import LiaisonToken
from core.domain.broadcasts import Audience
from core.services.broadcasts.making import CountAudience, MakeBroadcast, TryBroadcast
from core.services.broadcasts.moving import ApproveBroadcast, SendBroadcast, StopBroadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSettings:
    """The tokens in force, read anew for each request, and what their holders may do.

    Only a token that is good at every desk is an operator's. `read_audience` takes roles, region,
    industries and channels as people write them; `previews` shows a text on each of the channels.
    """

    tokens: Callable[[], Sequence[LiaisonToken]]
    make: MakeBroadcast
    count: CountAudience
    attempt: TryBroadcast
    send: SendBroadcast
    approve: ApproveBroadcast
    stop: StopBroadcast
    read_audience: Callable[[Sequence[str], str | None, Sequence[str], Sequence[str]], Audience]
    previews: Callable[[str, Mapping[str, int]], dict[str, str]]
