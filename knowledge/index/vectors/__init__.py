"""The semantic half on disk or on a server: vectors that follow the versions."""
