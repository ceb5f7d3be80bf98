"""A picture of the sampling beside what was put down of it."""

import pytest
from django.urls import reverse

from jingyi.web.evidence.actions import seal
from jingyi.web.lab.models import Photo
from tests.core.bytes_of import GPS_HERE, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client, alice, taken):
    """Show one picture's check, of a sample put down at a place and the time of the sampling."""
    client.force_login(alice)

    def of(lon, lat, **made):
        sample = taken[0]
        type(sample).objects.filter(pk=sample.pk).update(lon=lon, lat=lat, accuracy_m=10)
        blob = seal(chunks=[photo(**made)], media_type="image/jpeg", at=sample.at)
        picture = Photo.objects.create(sample=sample, blob=blob, name="河边.jpg")
        page = reverse("lab:sample", args=[sample.number])
        there = reverse("lab:capture", args=[sample.number, picture.pk])
        assert there in client.get(page).text
        return client.get(there, headers={"HX-Request": "true"}).text

    return of


def test_a_picture_from_elsewhere_is_named(shown):
    page = shown(117.2, 33.65432, gps=GPS_HERE)

    assert "河边.jpg" in page
    assert "超过两者的误差" in page


def test_a_picture_of_the_place_that_names_no_time_cannot_be_told(shown):
    page = shown(117.02345, 33.65432, gps=GPS_HERE)

    assert "超过两者的误差" not in page
    assert "没有记拍摄时间" in page
