"""Who is who: names of organisations and persons, and whole records, written differently."""
