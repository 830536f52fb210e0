"""What rules and questions state, read exactly: numbers, limits, days, tables."""
