"""Saying an answer again in plainer words, by a language model that is believed in nothing."""
