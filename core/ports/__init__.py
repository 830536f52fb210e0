"""What use cases need from outside: plain nouns, each with a real and a fake implementation."""
