"""Films of nominations and of the column: played in parts, shown without what they say of a place."""

import io

import pytest
from PIL import Image

from jingyi.core.refusal import Refusal
from jingyi.web.selection import films
from jingyi.web.selection.actions import column, editions, entries
from jingyi.web.selection.models import Entry, Issue
from tests.core import bytes_of
from tests.factories import AT

pytestmark = pytest.mark.django_db
PLACE = "+33.6543+117.0234/"
FILM = bytes_of.shown(where=PLACE)


@pytest.fixture
def material(edition, nominees, chief):
    editions.open_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    entry = entries.enter(edition=edition, brand=nominees[0], by=chief, at=AT)
    return entries.add_file(entry=entry, stream=io.BytesIO(FILM), name="河.mp4", size=len(FILM), by=chief, at=AT)  # fmt: skip


@pytest.fixture
def issue(decided, chief):
    entry = Entry.objects.get(edition=decided, number=column.chosen(decided)[0])
    film = films.accept(io.BytesIO(FILM), size=len(FILM), at=AT)
    words = {"headline": "看河", "note": "编者按", "text": "正文"}
    return column.publish(
        entry=entry, number=1, texts=words, appears_at=AT, files={"film": film}, by=chief, at=AT
    )


def test_a_nomination_takes_a_film_and_plays_it(client, chief, material):
    client.force_login(chief)
    assert f'src="/selection/files/{material.pk}/"' in client.get(f"/selection/entries/{material.entry_id}/").text  # fmt: skip
    whole = client.get(f"/selection/files/{material.pk}/")
    assert b"".join(whole.streaming_content) == FILM
    assert whole["Content-Type"] == "video/mp4"


def test_strangers_do_not_get_the_film_of_a_nomination(client, bob, material):
    client.force_login(bob)
    assert client.get(f"/selection/files/{material.pk}/", headers={"range": "bytes=0-9"}).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=10-", 206, (10, len(FILM))),
        ("bytes=-5", 206, (len(FILM) - 5, len(FILM))),
        ("bytes=0-999999", 206, (0, len(FILM))),
        ("bytes=5-2", 200, (0, len(FILM))),
        ("bytes=0-1,4-5", 200, (0, len(FILM))),
        ("lines=1-2", 200, (0, len(FILM))),
    ],
)
def test_a_film_is_sent_in_the_part_that_is_asked_for(client, material, asked, status, part):
    client.force_login(material.entry.hands.get())
    start, end = part
    answer = client.get(f"/selection/files/{material.pk}/", headers={"range": asked})
    assert answer.status_code == status
    assert b"".join(answer.streaming_content) == FILM[start:end]
    assert int(answer["Content-Length"]) == end - start
    if status == 206:
        assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(FILM)}"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(client, chief, material, asked):
    client.force_login(chief)
    answer = client.get(f"/selection/files/{material.pk}/", headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(FILM)}"


def test_the_public_sees_a_film_that_says_no_place(client, issue):
    assert f'src="/selection/column/{issue.pk}/film/"' in client.get(f"/selection/column/{issue.pk}/").text  # fmt: skip
    sent = b"".join(client.get(f"/selection/column/{issue.pk}/film/").streaming_content)
    assert PLACE.encode() in FILM
    assert PLACE.encode() not in sent
    assert len(sent) == len(FILM)


def test_a_card_is_drawn_for_where_the_link_is_shared(client, issue):
    page = client.get(f"/selection/column/{issue.pk}/").text
    assert f'content="http://testserver/selection/column/{issue.pk}/share.jpg"' in page
    card = client.get(f"/selection/column/{issue.pk}/share.jpg")
    with Image.open(io.BytesIO(card.content)) as picture:
        assert picture.size == (1200, 630)
        assert len(picture.getcolors(maxcolors=2**20)) > 50  # words are on it


def test_a_film_not_yet_shown_is_nowhere(client, issue):
    Issue.objects.update(appears_at="2030-01-01T00:00:00Z")
    for name in ("film/", "share.jpg"):
        assert client.get(f"/selection/column/{issue.pk}/{name}").status_code == 404


def test_picture_and_film_can_be_taken_down(issue, chief):
    words = {"headline": "看河", "note": "编者按", "text": "正文"}
    again = column.publish(entry=issue.entry, number=1, texts=words, appears_at=AT, bare=True, by=chief, at=AT)  # fmt: skip
    assert again.film is None
    assert again.share is not None


def test_a_film_too_large_or_of_another_kind_is_refused():
    with pytest.raises(Refusal, match="100 MB"):
        films.accept(io.BytesIO(FILM), size=films.MOST_BYTES + 1, at=AT)
    with pytest.raises(Refusal, match="MP4 和 WebM"):
        films.accept(io.BytesIO(b"GIF89a" + bytes(50)), size=56, at=AT)
