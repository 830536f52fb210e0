"""The console's door: who is nobody's operator gets no further than the sign-in page."""
