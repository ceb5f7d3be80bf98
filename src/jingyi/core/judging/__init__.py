"""Judging: totals by a stated rule, severity corrected, intervals of ranks, what would change them."""
