"""What changes in the studio: each act is one transaction and one entry in the ledger."""
