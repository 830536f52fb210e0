"""Dates for people's own calendars: iCalendar files (RFC 5545), and where they are fetched."""
