"""One module for each kind of field: how an answer is read and how it is written back."""
