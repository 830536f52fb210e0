"""Finding passages: what a version holds, how it is searched, and how that is published."""
