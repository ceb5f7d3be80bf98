"""Writes of the room: one module per thing that comes in."""
