"""Which texts speak of the same matter: proposals, suggestions, leads and cases, either way round."""
