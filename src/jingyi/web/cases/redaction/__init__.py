"""Covered copies of a case's files, for publishing: who may make them, and for which file."""
