"""The ways of working an answer out, one a module."""
