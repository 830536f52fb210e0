"""What happens to a need after it was submitted, by its person and by operators."""
