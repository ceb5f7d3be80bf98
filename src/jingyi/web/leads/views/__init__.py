"""HTTP in, one action, HTML out."""
