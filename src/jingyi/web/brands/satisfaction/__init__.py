"""Satisfaction: short forms at the lawful moments, answers apart from who was asked, with n, no ranking."""
