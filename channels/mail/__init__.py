"""E-mail, out: reminders, digests and dates to mailboxes, over an SMTP server of one's own."""
