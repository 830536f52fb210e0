"""A conversation handed to a person of the association, and back."""
