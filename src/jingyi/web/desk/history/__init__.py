"""What happened at a protected place, from every room in order of time; and what came back."""
