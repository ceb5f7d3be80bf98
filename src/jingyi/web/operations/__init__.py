"""Keeping the office running: backup and restore, moving to PostgreSQL, health, figures for operators."""
