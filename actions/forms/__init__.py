"""Forms described as data: one engine asks, reads, corrects and resumes any of them."""
