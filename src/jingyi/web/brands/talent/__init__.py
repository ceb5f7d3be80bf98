"""Talent: tasks done in real cases, mentors, training plans, portfolios, studios. Nothing is ranked."""
