"""Recall of records: an index of the same kind as that of documents, followed record by record."""
