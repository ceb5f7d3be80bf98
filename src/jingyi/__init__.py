"""Jingyi (精益): public-interest casework, from a report to a harm that is repaired."""
