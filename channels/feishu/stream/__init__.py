"""A long connection to Feishu: its frames, and what is said in them."""
