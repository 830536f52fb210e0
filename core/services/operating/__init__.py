"""What operators do at the door: accounts, signing in and out, and the trail of what they did."""
