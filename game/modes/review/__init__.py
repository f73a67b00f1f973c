"""Review: fields of scanned sheets that could not be read for sure, settled by a person."""
