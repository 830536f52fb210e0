"""What is known of the pulls of sources."""

from typing import Protocol

from core.domain.sources import Pull, SourceName


class Pulls(Protocol):
    """The last pull of each source."""

    def put(self, pull: Pull) -> None:
        """Keep it in place of the one before."""
        ...

    def find(self, name: SourceName) -> Pull | None:
        """The last pull of a source, or None."""
        ...
