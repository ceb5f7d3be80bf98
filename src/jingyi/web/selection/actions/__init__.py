"""What people do with a selection, a module a subject."""
