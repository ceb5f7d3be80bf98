"""Where a triage job or a model's query runs."""
