"""How much of a document is told: lists in full, prose with what follows it."""
