"""Closed is not fixed: what the organ replied, what was found on site, and visits after closing."""
