"""PDF files: with a text layer, or recognised from pictures of pages."""
