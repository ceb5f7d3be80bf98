"""Models that an office writes: checked, run over their examples, kept as the same files, versioned."""

import contextlib
import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound, shown
from jingyi.core.screening.model import Example, Model
from jingyi.core.words import Sentence, say
from jingyi.engines.screening import duck
from jingyi.engines.screening.base import Limits, table_of
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening import library
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import ModelText, OwnModel

SMALL = Limits(memory=512 * 2**20, spill=2**30, seconds=60)
VERSION = re.compile(r"^version\s*=\s*\d+\s*$", re.MULTILINE)
MOST_BYTES = 200_000  # of all files of a model


class WrongExample(Refusal):
    """An example whose hits the SQL does not find."""


class AlreadyThere(Refusal):
    """The same rule in other words: which one it is."""

    def __init__(self, other: str) -> None:
        super().__init__(
            "这条规则与已有的模型“{other}”是同一条。确要另存，请勾选“仍然保存”。", other=other
        )


def check(slug: str, files: Mapping[str, str]) -> Model:
    """Return the model that the files are, its examples run.

    Raises:
        ModelRefused: the files are none.
        WrongExample: with what was expected and what was found.
    """
    if sum(map(len, files.values())) > MOST_BYTES:
        raise Refusal("模型的文件太大。示例只要说明规则的几行就够。")
    model = library.read(slug, dict(files))
    for one in model.examples:
        if (wrong := _tried(model, one)) is not None:
            raise WrongExample(wrong)
    return model


def _tried(model: Model, example: Example) -> Sentence | None:
    tables = {one.name: table_of(one, example.tables[one.name]) for one in model.sources}
    values = bound(model) | dict(example.parameters)
    found = [
        _plain(model, hit) for hit in duck.run(model, tables, values, limits=SMALL).hits.to_pylist()
    ]
    wanted = [_plain(model, hit) for hit in example.hits]
    if sorted(found) == sorted(wanted):
        return None
    missing = [one for one in wanted if one not in found]
    extra = [one for one in found if one not in wanted]
    return say(
        "示例“{title}”不符：应有而没有命中 {missing} 条{first}，不应有而命中 {extra} 条{other}。",
        title=example.title, missing=len(missing), extra=len(extra),
        first=say("（如 {row}）", row="，".join(missing[0])) if missing else "",
        other=say("（如 {row}）", row="，".join(extra[0])) if extra else "",
    )  # fmt: skip


def _plain(model: Model, hit: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        "、".join(map(str, sorted(hit[one.name]))) if one.kind == "rows" else shown(hit[one.name])  # type: ignore[arg-type,type-var]
        for one in model.outputs
    )


def write(
    *, office: Procuratorate, slug: str, files: Mapping[str, str], note: str, by: User, at: datetime
) -> OwnModel:
    """Keep the files as the next version of a model of the office; nothing is overwritten.

    The version in `model.toml` is set to the next number.
    """
    require(by, "screening.write", office)
    with transaction.atomic():
        Procuratorate.objects.select_for_update().get(pk=office.pk)
        version = _next(office, slug)
        text = VERSION.sub(f"version = {version}", files.get("model.toml", ""), count=1)
        kept = {**files, "model.toml": text}
        model = check(slug, kept)
        if model.version != version:
            raise Refusal("model.toml 第一行须写明版本：version = {n}。", n=version)
        held, _ = ModelText.objects.get_or_create(
            pk=model.digest, defaults={"slug": slug, "version": version, "files": kept}
        )
        made = OwnModel.objects.create(
            office=office, text=held, slug=slug, version=version, note=note.strip(), by=by, at=at
        )
        record(
            "model-written", f"model:{slug}", office=office, by=by, at=at, version=version,
            digest=model.digest, note=made.note,
        )  # fmt: skip
    return made


def _next(office: Procuratorate, slug: str) -> int:
    """Return the number of the next version: above the office's own and the one it takes the place of."""
    last = OwnModel.objects.filter(office=office, slug=slug).aggregate(n=Max("version"))["n"] or 0
    with contextlib.suppress(Refusal):  # there is none of this name yet
        last = max(last, library.model(slug, office).version)
    return last + 1


@transaction.atomic
def retire(*, model: OwnModel, by: User, at: datetime) -> OwnModel:
    """Take a version out of use; the one before it, or the rulebook's, is run again. Undone by `revive`."""
    require(by, "screening.write", model.office)
    return _set(model, at, "model-retired", by, at)


@transaction.atomic
def revive(*, model: OwnModel, by: User, at: datetime) -> OwnModel:
    """Put a version into use again."""
    require(by, "screening.write", model.office)
    return _set(model, None, "model-revived", by, at)


def _set(model: OwnModel, retired: datetime | None, kind: str, by: User, at: datetime) -> OwnModel:
    now = OwnModel.objects.select_for_update().get(pk=model.pk)
    now.retired_at = retired
    now.save(update_fields=["retired_at"])
    record(kind, f"model:{now.slug}", office=now.office, by=by, at=at, version=now.version)
    return now
