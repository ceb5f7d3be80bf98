"""Limits that an office loads itself, such as those of GB 2763, which is not shipped."""
