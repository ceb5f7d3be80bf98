"""Files keep their bytes; a file that changed is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import queries, vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once(at, settings):
    one = seal(chunks=[b"river ", b"water"], media_type="text/plain", at=at)
    again = seal(chunks=[b"river water"], media_type="text/plain", at=at)

    assert one == again
    assert one.sha256 == sha256(b"river water").hexdigest()
    assert b"".join(vault.read(one.sha256, folder=settings.VAULT)) == b"river water"
    assert Blob.objects.count() == 1
    assert not list(Path(settings.VAULT).glob("incoming-*"))


@pytest.mark.django_db
def test_a_changed_or_missing_file_is_refused_and_named(at, settings):
    good = seal(chunks=[b"good"], media_type="text/plain", at=at)
    bad = seal(chunks=[b"bad"], media_type="text/plain", at=at)
    gone = seal(chunks=[b"gone"], media_type="text/plain", at=at)
    path = vault.path_of(bad.sha256, folder=settings.VAULT)
    path.chmod(0o600)
    path.write_bytes(b"bax")
    vault.path_of(gone.sha256, folder=settings.VAULT).unlink()

    with pytest.raises(Refusal, match="不一致"):
        list(vault.read(bad.sha256, folder=settings.VAULT))
    count, problems = queries.verify_vault()
    assert count == 3
    assert len(problems) == 2
    assert good.sha256[:12] not in " ".join(map(str, problems))
