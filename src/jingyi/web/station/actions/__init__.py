"""What people do in a station, a module a subject."""
