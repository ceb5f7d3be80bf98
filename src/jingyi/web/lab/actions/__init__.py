"""What people do in the laboratory, a module a subject."""
