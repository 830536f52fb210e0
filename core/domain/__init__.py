"""The words and rules of Keqiao, free of any framework."""
