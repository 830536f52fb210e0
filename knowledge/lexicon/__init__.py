"""Words: normal forms, tokens and the word lists (data files) everything else reads."""
