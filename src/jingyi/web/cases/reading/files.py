"""The files of a case as one list: exhibits, and what came with its steps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404

from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import events
from jingyi.web.cases.reading.models import Item, Reading
from jingyi.web.evidence.models import Blob


@dataclass(frozen=True, slots=True)
class File:
    """One file of a case: what is sealed with it, what the evidence list says of it, how far it is read."""

    number: int  # in the list as it stands, from 1
    key: str
    name: str
    kind: str
    source: str
    made_on: date | None
    blob: Blob
    cited: str  # "exhibit:3": the key by which facts cite it
    collected_by: str
    collected_on: date | None
    purpose: str
    group: str
    item: Item | None
    reading: Reading | None

    @property
    def pages(self) -> int | None:
        """How many pages it has, once that is known."""
        return self.reading.pages if self.reading else None

    @property
    def kind_title(self) -> str:
        """The kind of evidence in words."""
        return str(Exhibit.Kind(self.kind).label)


def files_of(case: Case) -> list[File]:
    """Return a case's files in the order of its evidence list; those not ordered yet come last.

    Files of one group stand together, groups in the order of their first file.
    """
    found = [
        *(_of_exhibit(one) for one in case.exhibits.select_related("blob__reading", "by")),
        *(
            _of_event(one)
            for one in events()
            .filter(case=case, exhibit__isnull=False)
            .select_related("exhibit__reading", "by")
        ),
    ]
    items = {item.key: item for item in case.items.all()}
    found.sort(key=lambda one: _place(items.get(one["key"])))
    files = [_file(0, one, items.get(one["key"])) for one in found]
    listed = [one for _group, members in grouped(files) for one in members]
    return [replace(one, number=number) for number, one in enumerate(listed, 1)]


def file_for(case: Case, key: str) -> File:
    """Return one of them, or 404."""
    for one in files_of(case):
        if one.key == key:
            return one
    raise Http404


def item_of(case: Case, file: File) -> Item:
    """Return the file's row in the list, made if nobody has said anything of it yet."""
    return (
        file.item
        or Item.objects.get_or_create(case=case, key=file.key, defaults={"blob": file.blob})[0]
    )


def grouped(files: Iterable[File]) -> list[tuple[str, list[File]]]:
    """Return the files by group, groups in the order in which they first appear."""
    groups: dict[str, list[File]] = {}
    for one in files:
        groups.setdefault(one.group, []).append(one)
    return list(groups.items())


def _place(item: Item | None) -> tuple[bool, int]:
    return (item is None or item.place is None, item.place or 0 if item else 0)


def _of_exhibit(one: Exhibit) -> dict[str, Any]:
    return {
        "key": f"exhibit-{one.number}", "name": one.name, "kind": one.kind, "source": one.source,
        "made_on": one.made_on, "blob": one.blob, "cited": f"exhibit:{one.number}", "by": one.by,
    }  # fmt: skip


def _of_event(one: Any) -> dict[str, Any]:
    return {
        "key": f"event-{one.pk}", "name": one.exhibit_name, "kind": Exhibit.Kind.DOCUMENT,
        "source": "", "made_on": one.on, "blob": one.exhibit, "cited": f"event:{one.pk}",
        "by": one.by,
    }  # fmt: skip


def _file(number: int, found: dict[str, Any], item: Item | None) -> File:
    by = found.pop("by")
    said = item or Item()
    return File(
        number=number,
        **{**found, "kind": said.kind or found["kind"], "source": said.source or found["source"]},
        collected_by=said.collected_by or by.name,
        collected_on=said.collected_on,
        purpose=said.purpose,
        group=said.group,
        item=item,
        reading=getattr(found["blob"], "reading", None),
    )
