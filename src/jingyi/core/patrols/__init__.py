"""Patrols: where to go next in the hours one has."""
