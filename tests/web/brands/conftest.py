"""A brand of Alice's department, in the city's office."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jingyi.web.brands import actions
from jingyi.web.registry.models import Department
from tests import factories
from tests.factories import AT


def texts(name="河畔卫士", **values):
    return {
        "name": name,
        "slogan": "一河清水送邻里",
        "meaning": "以河流保护为中心，把取样、调查、听证和回头看连成一线。" * 2,
        "founded_on": date(2024, 3, 1),
        "focuses": ["whole", "quality"],
        "channels": ["门户网站", "公众号"],
        "sections": {"team": "九人", "mechanisms": "三查一回访", "upkeep": "每季度一次"},
    } | values


@pytest.fixture
def chief(city):
    return factories.person("chief", role="chief", office=city.office)


@pytest.fixture
def department(city):
    return Department.objects.create(procuratorate=city.office, name="第五检察部")


@pytest.fixture
def brand(department, alice):
    return actions.create(department=department, texts=texts(), by=alice, at=AT)


@pytest.fixture
def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    return SimpleUploadedFile("mark.png", out.getvalue())
