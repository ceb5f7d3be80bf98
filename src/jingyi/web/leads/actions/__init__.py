"""Writes of the leads room: one function per thing a person can do."""

from jingyi.web.leads.actions.auditing import draw, judge
from jingyi.web.leads.actions.bulk import in_bulk
from jingyi.web.leads.actions.decisions import assign, decline, file, note, take, watch
from jingyi.web.leads.actions.gather import gather
from jingyi.web.leads.actions.grouping import apart, merge, split
from jingyi.web.leads.actions.handing import hand_on
from jingyi.web.leads.actions.learning import retrain
from jingyi.web.leads.actions.presence import present
from jingyi.web.leads.actions.refresh import refresh
from jingyi.web.leads.actions.undoing import undo, unfile

__all__ = [
    "apart",
    "assign",
    "decline",
    "draw",
    "file",
    "gather",
    "hand_on",
    "in_bulk",
    "judge",
    "merge",
    "note",
    "present",
    "refresh",
    "retrain",
    "split",
    "take",
    "undo",
    "unfile",
    "watch",
]
