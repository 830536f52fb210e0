"""The desks of a site: its file, and the tokens of those who answer there."""
