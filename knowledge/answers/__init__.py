"""From a question to cited words of the documents, or to saying what they do not state."""
