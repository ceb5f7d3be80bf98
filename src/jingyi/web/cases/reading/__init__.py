"""The reading room of a case: its evidence list, its files page by page, notes, its chronology."""
