"""The pages of an import: from a file to its result, and nothing of it for strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from jingyi.web.intake import jobs
from jingyi.web.intake.actions import imports
from jingyi.web.intake.models import Batch, Report, Sender

HEAD = "留言编号,留言主题,留言时间,留言详情\n"
ROWS = "7,河水发黑,2019/2/28 11:25:05,东津河排污口整夜排黑水气味刺鼻\n8,空的,2019/2/28,\n"
PAGE = reverse("intake:imports")


@pytest.fixture
def quiet(settings):
    """Leave out what follows in rooms above: these tests are about the import."""
    settings.JINGYI_AFTER_REPORTS = []


def upload(text=HEAD + ROWS, name="messages.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


@pytest.fixture
def batch(city, at, alice):
    sender = imports.name_sender(office=city.office, name="12345热线", by=alice, at=at)
    return imports.start_import(
        sender=sender, chunks=[(HEAD + ROWS).encode()], file_name="messages.csv", by=alice, at=at
    )


def page_of(batch):
    return reverse("intake:batch", args=[batch.ref])


@pytest.mark.usefixtures("quiet")
def test_from_a_file_to_its_result(client, alice, city):
    client.force_login(alice)
    assert "还没有导入过文件" in client.get(PAGE).text

    given = {"name": "12345热线", "office": city.office.code, "source": "hotline", "file": upload()}
    response = client.post(PAGE, given)
    batch = Batch.objects.get()
    assert response.status_code == 303
    assert response["Location"] == page_of(batch)

    preview = client.get(page_of(batch)).text
    assert "东津河排污口整夜排黑水气味刺鼻" in preview
    assert '<option value="留言详情" selected>' in preview
    assert not Report.objects.exists()

    assert client.post(page_of(batch), batch.mapping).status_code == 303
    waiting = client.get(page_of(batch)).text
    assert 'hx-trigger="every 1s"' in waiting
    assert DBTaskResult.objects.count() == 1

    jobs.import_batch.func(batch.pk)
    done = client.get(page_of(batch), headers={"HX-Request": "true"}).text
    assert "every 1s" not in done
    assert "<html" not in done
    assert reverse("intake:batch_rejected", args=[batch.ref]) in done

    response = client.get(reverse("intake:batch_rejected", args=[batch.ref]))
    assert "没有正文" in b"".join(response.streaming_content).decode("utf-8-sig")
    assert batch.ref in client.get(PAGE).text


def test_a_known_sender_needs_no_name(client, alice, batch):
    client.force_login(alice)

    response = client.post(PAGE, {"sender": batch.sender.pk, "file": upload()})

    assert response.status_code == 303
    assert Sender.objects.count() == 1


def test_a_new_name_goes_before_the_sender_already_chosen(client, alice, batch, city):
    client.force_login(alice)

    given = {"sender": batch.sender.pk, "name": "信访局", "office": city.office.code}
    client.post(PAGE, given | {"file": upload()})

    assert Batch.objects.latest("pk").sender.name == "信访局"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"file": ""}, "这个字段是必填项"),
        ({"name": ""}, "来源单位"),
        ({"office": "lp"}, "选择一个有效的选项"),
        ({"file": upload("\x00\x01\x02" * 99, "noise.csv")}, "noise.csv"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said(client, alice, city, changes, says):
    client.force_login(alice)
    given = {"name": "热线", "office": city.office.code, "source": "hotline", "file": upload()}

    response = client.post(PAGE, given | changes)

    assert response.status_code == 422
    assert says in response.text
    assert not Batch.objects.exists()


def test_a_choice_without_text_is_refused_on_the_page(client, alice, batch):
    client.force_login(alice)

    response = client.post(page_of(batch), {"id": "留言编号"})

    assert response.status_code == 422
    assert "还没有指明哪一列是正文" in response.text
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEW


def test_a_file_that_fails_later_says_why(client, alice, batch, settings, at):
    imports.confirm_import(batch=batch, mapping=batch.mapping, by=alice, at=at)
    sealed = settings.VAULT / batch.file_id[:2] / batch.file_id[2:]
    sealed.chmod(0o600)
    sealed.write_bytes(b"changed")

    jobs.import_batch.func(batch.pk)

    client.force_login(alice)
    page = client.get(page_of(batch)).text
    assert "与封存时不一致" in page
    assert "every 1s" not in page


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_finds_nothing(client, request, batch, who, at):
    imports.confirm_import(batch=batch, mapping=batch.mapping, by=batch.by, at=at, queue=False)
    imports.run_import(batch=Batch.objects.get(), at=at)
    client.force_login(request.getfixturevalue(who))

    assert client.get(page_of(batch)).status_code == 404
    assert client.post(page_of(batch), batch.mapping).status_code == 404
    assert client.get(reverse("intake:batch_rejected", args=[batch.ref])).status_code == 404
    assert batch.ref not in client.get(PAGE).text
    assert client.post(PAGE, {"sender": batch.sender.pk, "file": upload()}).status_code == 422


def test_nobody_signed_in_is_sent_to_sign_in(client, batch):
    assert client.get(PAGE).status_code == 302
    assert client.get(page_of(batch)).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_the_database_no_more_for_more(
    client, alice, batch, many, django_assert_max_num_queries
):
    for n in range(1, many):
        imports.start_import(
            sender=batch.sender,
            chunks=[(HEAD + ROWS.replace("7,", f"7{n},")).encode()],
            file_name=f"{n}.csv",
            by=alice,
            at=batch.created_at,
        )
    client.force_login(alice)

    with django_assert_max_num_queries(16):
        page = client.get(PAGE).text

    assert page.count(".csv</td>") == many
