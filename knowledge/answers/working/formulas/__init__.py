"""Formulas of rules carried out step by step: each step bound to a quoted sentence, or none."""
