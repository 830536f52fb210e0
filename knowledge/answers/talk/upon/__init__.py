"""What is reckoned upon an answer just told: days to a day, parts and cuts of an amount."""
