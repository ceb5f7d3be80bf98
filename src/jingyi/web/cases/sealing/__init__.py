"""Sealed cases: only a named group sees them, every read is on record, what leaves is marked."""
