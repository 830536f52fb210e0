"""The lexical half: BM25 over tokens, in segments."""
