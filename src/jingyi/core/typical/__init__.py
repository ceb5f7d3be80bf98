"""Typical cases (典型案例): which closed cases could become one, why, and what they still lack."""
