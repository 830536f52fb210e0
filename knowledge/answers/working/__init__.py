"""Worked-out answers: the documents give the rule, the question gives the numbers."""
