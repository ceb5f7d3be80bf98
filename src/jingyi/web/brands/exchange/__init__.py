"""The exchange: notes, talks and questions of departments, linked to cases and brands."""
