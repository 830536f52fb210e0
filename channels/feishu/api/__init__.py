"""What may be called at Feishu, and what its answers mean."""
