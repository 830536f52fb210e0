"""Web chat: a page, an API, and a stream; its mailbox is the outbox."""
