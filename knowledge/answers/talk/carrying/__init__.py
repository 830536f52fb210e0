"""What of the question before is carried over into the next, and what gives way."""
