"""Protected places: the kinds of places and of their legal zones, and outlines that are sound."""
