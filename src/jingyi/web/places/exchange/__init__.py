"""Files of places and zones: uploaded, previewed, confirmed; and the register written to a file."""
