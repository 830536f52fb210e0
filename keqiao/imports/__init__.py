"""Tables into records: reading files, naming columns, reading values."""
