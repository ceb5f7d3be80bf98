"""Typical cases (典型案例): candidates found, drafts with versions, covered copies, selections."""
