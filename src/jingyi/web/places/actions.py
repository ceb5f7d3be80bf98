"""Writes of the map: the office's own layers come and go."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from jingyi.core.ledger import canonical
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.places.models import Layer
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate


@transaction.atomic
def load_layer(
    *,
    office: Procuratorate,
    kind: str,
    name: str,
    name_en: str,
    features: dict[str, Any],
    attribution: str,
    order: int,
    by: User,
    at: datetime,
) -> Layer:
    """Add a layer to the office's base map; one of the same name is replaced.

    Args:
        features: from `geojson.read_layer`.
        order: lower ones are drawn first, below the others.
    """
    require(by, "place.change", office)
    layer, new = Layer.objects.update_or_create(
        office=office,
        name=name,
        defaults={
            "kind": kind,
            "name_en": name_en,
            "features": features,
            "attribution": attribution,
            "order": order,
        },
    )
    _enter("layer.loaded" if new else "layer.replaced", layer, by, at)
    return layer


@transaction.atomic
def remove_layer(*, layer: Layer, by: User, at: datetime) -> None:
    """Take a layer off the base map."""
    require(by, "place.change", layer.office)
    _enter("layer.removed", layer, by, at)
    layer.delete()


def _enter(kind: str, layer: Layer, by: User, at: datetime) -> None:
    ledger.append(
        kind=kind,
        subject=f"layer:{layer.pk}",
        facts={
            "name": layer.name,
            "kind": layer.kind,
            "features": len(layer.features["features"]),
            "sha256": sha256(canonical(layer.features)).hexdigest(),
            "attribution": layer.attribution,
        },
        by=by,
        at=at,
        office=layer.office,
    )
