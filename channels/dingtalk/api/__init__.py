"""What may be called at DingTalk, and what its answers mean."""
