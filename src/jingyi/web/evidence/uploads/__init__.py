"""Large files over broken lines: sent piece by piece (tus 1.0), sealed when they are whole."""
