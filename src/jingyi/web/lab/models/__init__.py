"""Tables of the room: what it measures with, what it is asked, what it took, what it found."""

from jingyi.web.lab.limits.models import OwnLimit, OwnTable
from jingyi.web.lab.models.equipment import Check, Device, Kit, Material, Method
from jingyi.web.lab.models.requests import Point, Request
from jingyi.web.lab.models.samples import Photo, Sample
from jingyi.web.lab.models.worksheets import Commission, Control, Result, Worksheet
from jingyi.web.lab.stations.models import Station

__all__ = [
    "Check",
    "Commission",
    "Control",
    "Device",
    "Kit",
    "Material",
    "Method",
    "OwnLimit",
    "OwnTable",
    "Photo",
    "Point",
    "Request",
    "Result",
    "Sample",
    "Station",
    "Worksheet",
]
