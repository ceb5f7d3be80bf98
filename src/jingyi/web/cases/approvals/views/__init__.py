"""Pages of approvals and recusals."""
