"""Approvals and recusal: who asks, who reviews, who decides, and who may no longer act on a case."""
