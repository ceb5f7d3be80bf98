"""Webhooks: an address is told that something happened; what, it asks for with its key.

Signed as Standard Webhooks says (HMAC-SHA256 over id, moment and body). At least once: who takes
them tells two of one kind by `webhook-id`.
"""
