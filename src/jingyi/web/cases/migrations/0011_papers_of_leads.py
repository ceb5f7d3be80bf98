"""A document may be of a lead that has no case."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_exhibit_kinds_as_data"),
        ("evidence", "0001_initial"),
        ("leads", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            "document",
            "case",
            models.ForeignKey("cases.Case", PROTECT, null=True, related_name="documents"),
        ),
        migrations.AddField(
            "document",
            "incident",
            models.ForeignKey("leads.Incident", PROTECT, null=True, related_name="documents"),
        ),
        migrations.AddField(
            "document",
            "office",
            models.ForeignKey("registry.Procuratorate", PROTECT, null=True, related_name="+"),
        ),
        migrations.AddField(
            "document",
            "blob",
            models.ForeignKey("evidence.Blob", PROTECT, null=True, related_name="+"),
        ),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(fields=["incident", "place"], name="lead_document_place"),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=Q(case__isnull=False, incident__isnull=True, office__isnull=True)
                | Q(case__isnull=True, incident__isnull=False, office__isnull=False),
                name="document_of_a_case_or_a_lead",
            ),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=Q(blob__isnull=True) | Q(signed_at__isnull=False, incident__isnull=False),
                name="lead_document_signed_before_sealed",
            ),
        ),
    ]
