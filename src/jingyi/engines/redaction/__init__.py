"""Copies for publishing in which what was covered is gone, not hidden: PDF, DOCX, pictures."""
