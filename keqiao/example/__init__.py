"""The bundled example site: documents and records written for this project."""
