"""Every page of the studio: the office sees it, strangers find nothing; queries stay bounded."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from jingyi.web.ledger.models import Entry
from jingyi.web.screening import running
from jingyi.web.screening.actions import hits
from jingyi.web.screening.models import DataSource, Run
from tests import factories
from tests.factories import AT
from tests.web.screening.conftest import SLUG, as_csv

pytestmark = pytest.mark.django_db
OPEN = ["models", "sources", "runs"]


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def places(run, hit, taken):
    """Return every address that shows something of the office."""
    number, n = run.pk, hit.n
    return [
        reverse("screening:source", args=[taken["pay"].pk]), reverse("screening:run", args=[number]),
        reverse("screening:export", args=[number]), reverse("screening:hit", args=[number, n]),
    ]  # fmt: skip


def acts(run, hit, taken):
    """Return every address that changes something of the office."""
    one = [run.pk, hit.n]
    return [
        reverse("screening:keep", args=[taken["pay"].pk]), reverse("screening:delete", args=[taken["pay"].pk]),
        *(reverse(f"screening:{name}", args=[run.pk]) for name in ("cancel", "resume", "settle", "send", "sample")),
        *(reverse(f"screening:{name}", args=one) for name in ("judge", "suppress", "unmask", "rederive")),
    ]  # fmt: skip


def test_the_office_sees_every_page(as_alice, run, hit, taken):
    for name in OPEN:
        assert as_alice.get(reverse(f"screening:{name}")).status_code == 200
    for where in places(run, hit, taken):
        assert as_alice.get(where).status_code == 200, where
    for name in ("model", "choose"):
        assert as_alice.get(reverse(f"screening:{name}", args=[SLUG])).status_code == 200
    for origin in ("upload", "folder", "database"):
        assert as_alice.get(reverse("screening:take", args=[origin])).status_code == 200


def test_strangers_find_nothing(client, charlie, run, hit, taken):
    client.force_login(charlie)
    for where in places(run, hit, taken):
        assert client.get(where).status_code == 404, where
    for where in acts(run, hit, taken):
        assert client.post(where).status_code == 404, where
    shown = client.get(reverse("screening:sources")).content.decode()
    assert taken["pay"].name not in shown


def test_who_is_no_prosecutor_finds_no_room(client, city, run, hit, taken):
    client.force_login(factories.person("vol", role="volunteer", office=city.office))
    for name in OPEN:
        assert client.get(reverse(f"screening:{name}")).status_code == 404
    for where in places(run, hit, taken):
        assert client.get(where).status_code == 404


def test_numbers_are_masked_on_pages_and_in_exports(as_alice, run, hit, taken):
    number = hit.values["id_number"]
    for where in places(run, hit, taken):
        assert number.encode() not in as_alice.get(where).content, where
    sheet = load_workbook(io.BytesIO(as_alice.get(places(run, hit, taken)[2]).content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert number not in cells
    assert f"{number[:6]}********{number[-4:]}" in cells


def test_whole_numbers_are_on_one_page_once(as_alice, run, hit):
    number = hit.values["id_number"]
    where = reverse("screening:unmask", args=[run.pk, hit.n])
    refused = as_alice.post(where, {"reason": ""})
    assert refused.status_code == 422
    assert number.encode() not in refused.content
    assert number.encode() in as_alice.post(where, {"reason": "核对户籍"}).content
    assert number.encode() not in as_alice.get(hit.get_absolute_url()).content
    assert Entry.objects.filter(kind="screening.unmasked").count() == 1


def test_from_upload_to_lead_by_the_pages(as_alice, city, model, planted, django_capture_on_commit_callbacks):  # fmt: skip
    for name, rows in planted[0].items():
        file = SimpleUploadedFile(f"{name}.csv", as_csv(model, name, rows))
        given = {"name": name, "holder": "某局", "delete_on": "2027-01-31", "file": file}
        assert as_alice.post(reverse("screening:take", args=["upload"]), given).status_code == 303
    chosen = {one.name: one.pk for one in DataSource.objects.all()}
    where = as_alice.post(reverse("screening:choose", args=[SLUG]), chosen)["Location"]
    form = as_alice.get(where).context["form"]
    given = {name: form[name].value() for name in form.fields}
    assert given["pay.month"] == "所属月份"  # by its heading
    wrong = as_alice.post(where, given | {"$.least": "很多"})
    assert wrong.status_code == 422
    with django_capture_on_commit_callbacks(execute=False):
        page = as_alice.post(where, given | {"$.least": "2"})["Location"]
        preview = Run.objects.get()
        running.execute(preview, now=lambda: AT)
        assert "保存阈值" in as_alice.get(page).content.decode()
        page = as_alice.post(reverse("screening:settle", args=[preview.pk]))["Location"]
    run = running.execute(Run.objects.get(preview=False), now=lambda: AT)
    assert run.values == {"least": "2"}
    sent = as_alice.post(reverse("screening:send", args=[run.pk]), {"hit": ["1", "2"]}, follow=True)
    assert "2 条命中已转为线索" in sent.content.decode()
    lead = run.found.get(n=1).standing.report.finding.incident
    fragment = as_alice.get(reverse("screening:of_lead", args=[lead.ref])).content.decode()
    assert str(model.title) in fragment
    again = as_alice.get(where).context["form"]  # what was said is remembered, and the threshold
    assert again["$.least"].value() == "2"


def test_a_run_under_way_is_polled_and_reloads_at_its_end(as_alice, run):
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, share=0.4, started_at=AT)
    polled = as_alice.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert "取消运行" in polled.content.decode()
    assert "HX-Refresh" not in polled
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
    ended = as_alice.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"


def test_a_list_of_fifty_costs_no_query_each(as_alice, run, alice, django_assert_max_num_queries):
    hits.send(run=run, hits=list(run.found.order_by("n")[:8]), by=alice, at=AT)
    with django_assert_max_num_queries(20):
        as_alice.get(f"{run.get_absolute_url()}?show=all")


def test_a_models_folder_is_sent(as_alice):
    package = zipfile.ZipFile(
        io.BytesIO(as_alice.get(reverse("screening:files", args=[SLUG])).content)
    )
    assert f"{SLUG}/query.sql" in package.namelist()


def test_a_model_is_written_by_the_page(client, technician):
    client.force_login(technician)
    where = f"{reverse('screening:new')}?from={SLUG}"
    form = client.get(where).context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {"slug": "same-again"}
    told = client.post(where, given)
    assert told.status_code == 422
    assert "同一条" in str(told.context["form"].errors)
    assert client.post(where, given | {"anyway": "1"}).status_code == 303
    assert (
        "同一条规则" in client.get(reverse("screening:model", args=["same-again"])).content.decode()
    )


def test_unknown_models_are_not_found(as_alice):
    assert as_alice.get(reverse("screening:model", args=["no-such-model"])).status_code == 404
    assert as_alice.get(reverse("screening:take", args=["ftp"])).status_code == 404
