"""Bringing needs and records together: who fits whom, why, and what became of it."""
