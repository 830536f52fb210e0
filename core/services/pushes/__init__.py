"""What is new, found for those who subscribed."""
