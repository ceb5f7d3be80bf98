"""Outside witnesses: what we signed is kept by others, and we keep what others signed.

A file for a court, a printed page with a QR code, another Jingyi. Whoever holds an earlier head
finds out a ledger that was rewritten since, even though its office holds the key.
"""
