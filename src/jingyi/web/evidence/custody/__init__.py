"""The chain of custody of anything that has a subject: an exhibit, a sample.

Rooms above call these actions for what is theirs, after they have seen who may; the chain itself
knows only who holds it.
"""
