"""Setting reminders, changing them, listing them, taking them back."""
