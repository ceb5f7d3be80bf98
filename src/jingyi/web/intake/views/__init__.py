"""Pages of the room: the public form, and imports of files."""
