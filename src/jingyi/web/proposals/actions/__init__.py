"""What people do with proposals, a module a subject."""
