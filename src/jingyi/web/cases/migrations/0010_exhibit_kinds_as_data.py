"""The kinds of evidence are the rulebook's; nothing in the tables changes."""

from django.db import migrations, models

from jingyi.web.cases.documents.models import kind_choices


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_proof_dated_on")]

    operations = [
        migrations.AlterField(
            "exhibit", "kind", models.CharField(max_length=12, choices=kind_choices)
        ),
        migrations.AlterField(
            "item", "kind", models.CharField(max_length=12, choices=kind_choices, blank=True)
        ),
    ]
