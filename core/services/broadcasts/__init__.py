"""Messages of operators to an audience: made, approved, sent, stopped."""
