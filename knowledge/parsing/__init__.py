"""Files to text: decoding, tables as tab-separated rows, and clear refusals."""
