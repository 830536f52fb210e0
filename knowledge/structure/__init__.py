"""From verbatim text to sections, sentences and table rows that know where they stand."""
