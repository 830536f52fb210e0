"""Days and clock times as people in China count them."""
