"""The laboratory: limits and units, quality control, uncertainty, verdicts."""
