"""Finding who fits whom, and keeping what becomes of it."""
