"""Contests graded double-blind: readers see a code and a text, authors never see who read."""
