"""How the tests of the public's report fill it in, as a browser would."""

import io
import re

from django.db import connection
from django.urls import reverse
from PIL import Image

TEXT = "东津河三号桥下游有暗管排黑水。"


def photo(**extra):
    """A picture with a position in its EXIF, as a phone makes it."""
    picture = Image.new("RGB", (60, 40), "navy")
    exif = Image.Exif()
    exif[0x010F] = "MarkerPhone"
    exif.get_ifd(0x8825)[2] = (33.0, 57.0, 12.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, **extra)
    out.seek(0)
    out.name = "IMG_0001.jpg"
    return out


def answer(client, step, **values):
    return client.post(reverse("intake:report", args=[step]), values)


def fill(client, *, who="anonymous", **extra):
    """Walk through the four questions and submit; return the receipt code as it is shown."""
    questions(client, who=who, **extra)
    assert client.post(reverse("intake:report", args=["check"])).status_code == 303
    return shown_code(client)


def shown_code(client):
    """Return the code on the receipt's page, or "" once it is not shown any more."""
    page = client.get(reverse("intake:sent")).text
    found = re.search(r"\b(?:[2-9A-Z]{4} ){5}[2-9A-Z]{4}\b", page)
    return found.group() if found else ""


def questions(client, *, who="anonymous", status=200, **extra):
    """Answer the four questions and look at the answers, but do not submit."""
    answer(client, "what", text=TEXT, happened="2026-08-30")
    answer(
        client,
        "where",
        place_words="三号桥",
        office="zy-dj",
        lon="117.1",
        lat="33.9",
        accuracy_m="20",
    )
    answer(client, "photos", photos=photo())
    answer(client, "who", who=who, **extra)
    assert client.get(reverse("intake:report", args=["check"])).status_code == status


def everything():
    """Every value of every table, as one text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        parts = []
        for name in names:
            if not name.startswith("leads_incident_words"):
                cursor.execute(f'SELECT * FROM "{name}"')
                parts.append(repr(cursor.fetchall()))
    return "".join(parts)
