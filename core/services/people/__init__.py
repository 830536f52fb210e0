"""One person at several addresses: binding, unbinding, and where they are told things."""
