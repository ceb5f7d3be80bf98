"""Pages of the shared ledger."""
