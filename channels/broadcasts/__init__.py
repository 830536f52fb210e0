"""The API of broadcasts: what a console asks for in an operator's name."""
