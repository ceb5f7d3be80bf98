"""Writes of cases: opening one, and every step after that."""

from jingyi.web.cases.actions.exports import record_export
from jingyi.web.cases.actions.opening import (
    dissent,
    file_proposal,
    open_from_incident,
    propose,
    return_proposal,
)
from jingyi.web.cases.actions.steps import (
    CaseChanged,
    NotCounted,
    act_of,
    correct_event,
    record_event,
    undo_event,
)

__all__ = [
    "CaseChanged",
    "NotCounted",
    "act_of",
    "correct_event",
    "dissent",
    "file_proposal",
    "open_from_incident",
    "propose",
    "record_event",
    "record_export",
    "return_proposal",
    "undo_event",
]
