"""Reminders that follow their records: moved, called off, taking place again."""
