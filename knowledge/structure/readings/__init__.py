"""What a document says of itself, each with the quote it was read from."""
