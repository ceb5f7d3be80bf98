"""What an office decides about clocks: its own limits, and moving running clocks to a version."""
