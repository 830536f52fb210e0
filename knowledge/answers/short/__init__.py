"""What stands in front of the evidence or beside it: the short answer, and whom to ask."""
