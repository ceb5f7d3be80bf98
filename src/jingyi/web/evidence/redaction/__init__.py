"""Covered copies of sealed files, for publishing. The original is never touched.

Rooms above call these actions for files that are theirs, after they have seen who may.
"""
