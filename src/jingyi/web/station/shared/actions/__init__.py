"""Writes of the shared ledger."""
