"""Background work: the heartbeat, due reminders, and the dispatcher that empties the outbox."""
