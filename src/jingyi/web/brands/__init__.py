"""Brands of departments: what one is, its life, claims that stay true, the matrix."""
