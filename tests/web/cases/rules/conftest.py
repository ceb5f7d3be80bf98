"""The same city and cases as the room's other tests."""

from tests.web.cases.conftest import as_alice, as_chief, case, east_chief, served_case

__all__ = ["as_alice", "as_chief", "case", "east_chief", "served_case"]
