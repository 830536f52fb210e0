"""The Official Account's API: calls, the token they need, and what its errcodes mean."""
