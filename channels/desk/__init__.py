"""The desk's API: what a console asks for in a liaison's name."""
