"""Reads of the room, each starting from what a person may see."""
