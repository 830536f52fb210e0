"""What each platform's console gives: a module for each platform."""
