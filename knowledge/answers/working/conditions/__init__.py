"""Conditions that documents state, against what an applicant tells of itself."""
