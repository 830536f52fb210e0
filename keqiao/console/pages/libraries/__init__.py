"""资料库: records listed, shown and mended, tables in and out."""
