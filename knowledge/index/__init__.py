"""What is searched: immutable versions on disk, one pointer, lexical and semantic halves."""
