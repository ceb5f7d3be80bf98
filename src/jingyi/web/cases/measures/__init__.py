"""Neutral measures of an office's work, as of any day, each with its rows. No ranking."""
