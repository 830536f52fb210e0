"""Questions about several things: what they are, what is asked of each, how they compare."""
