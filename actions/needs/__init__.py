"""The need form: what its slots hold, what a turn fills, what is asked next, storing it."""
