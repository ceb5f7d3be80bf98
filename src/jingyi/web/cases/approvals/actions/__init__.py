"""Writes of approvals and recusals."""
