"""Open311 GeoReport v2: reports handed in by other programs, and what became of them.

A program sees the requests it handed in, and no other; nothing of a reporter is in an answer.
Beyond the standard, which its users miss: `bbox`, and `servicerequestupdates` (as FixMyStreet has
them) for the history of a request and for comments, both ways.
"""
