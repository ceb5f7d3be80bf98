"""The register of protected places: entered, changed, retired, and their zones of law."""
