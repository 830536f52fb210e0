"""Conditions with a measure (满2年, 不少于400平方米), against what a question tells of itself."""
