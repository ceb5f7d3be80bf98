"""The shape of what is asked for in the laboratory, a module a subject."""
