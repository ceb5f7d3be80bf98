"""Triage: a table of messages in, a table of verdicts out, each with its reasons."""
