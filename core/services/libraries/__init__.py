"""The libraries as a whole: bringing tables in, finding, editing, following sources."""
