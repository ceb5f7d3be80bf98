"""Neutral measures of an office's work: counts with their rows, never a ranking.

`files` holds what was on file on a day, `rows` says of each thing whether it counts, `figures`
turns rows into a number with its n; `definitions` reads rulebook/measures.toml.
"""
