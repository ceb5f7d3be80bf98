"""Addresses of a case's reading room, below the case's own."""

from django.urls import path, register_converter

from jingyi.web.cases.reading.views import chronology, listing, notes, room, sealing
from jingyi.web.cases.urls import FileNumber


class FileKey(FileNumber):
    """A file of a case: an exhibit by its number, or what came with an event."""

    regex = r"(?:exhibit|event)-\d+"


class Taken(FileNumber):
    """A format that a list is taken out in."""

    regex = "docx|csv"


register_converter(FileKey, "file_key")
register_converter(Taken, "taken")

app_name = "reading"
LIST = "<file_number:ref>/evidence/"
ROOM = "<file_number:ref>/reading/"
PAGE = f"{ROOM}<file_key:key>/<int:number>"
DAYS = "<file_number:ref>/chronology/"
urlpatterns = [
    path(LIST, listing.listing, name="list"),
    path(f"{LIST}add/", listing.add, name="add"),
    path(f"{LIST}read/", listing.have_read, name="have_read"),
    path(f"{LIST}move/", listing.move, name="move"),
    path(f"{LIST}print/", listing.printed, name="print"),
    path(f"{LIST}sealed/", sealing.export, name="sealed"),
    path(f"{LIST}list.<taken:kind>", listing.taken, name="taken"),
    path(f"{LIST}<file_key:key>/", listing.describe, name="describe"),
    path(f"{LIST}<file_key:key>/original/", listing.original, name="original"),
    path(f"{LIST}<file_key:key>/transcript/", listing.transcript, name="transcript"),
    path(ROOM, room.enter, name="room"),
    path(f"{ROOM}progress/", room.progress, name="progress"),
    path(f"{ROOM}search/", room.search, name="search"),
    path(f"{PAGE}/", room.page, name="page"),
    path(f"{PAGE}.webp", room.image, name="image"),
    path(f"{PAGE}-thumb.webp", room.thumb, name="thumb"),
    path(f"{PAGE}/note/", notes.write, name="write_note"),
    path(f"{ROOM}notes/<int:note>/", notes.change, name="change_note"),
    path(f"{ROOM}notes/<int:note>/back/", notes.take_back, name="take_back"),
    path(f"{ROOM}notes/<int:note>/fact/", notes.fact, name="note_fact"),
    path(DAYS, chronology.chronology, name="chronology"),
    path(f"{DAYS}decide/", chronology.decide, name="decide"),
    path(f"{DAYS}<int:number>/undo/", chronology.undo, name="undo"),
    path(f"{DAYS}print/", chronology.printed, name="chronology_print"),
    path(f"{DAYS}list.<taken:kind>", chronology.taken, name="chronology_taken"),
]
