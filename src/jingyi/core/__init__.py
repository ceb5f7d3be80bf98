"""Rules and counting. No framework, no database, no network, no clock, no randomness."""
