"""Measuring: the code here, the data outside."""
