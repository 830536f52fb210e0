"""Turning a step of the dialogue into a use case; the only home of rasa_sdk."""
