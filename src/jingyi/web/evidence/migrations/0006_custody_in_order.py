"""Number the links of each chain, so that two at once cannot both be next; keep what files say of themselves."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models


def number(apps, _schema):
    """Number the links that are there, in the order they were entered."""
    seen = Counter()
    links = apps.get_model("evidence", "Link").objects
    for link in links.order_by("pk").iterator():
        seen[link.subject] += 1
        links.filter(pk=link.pk).update(number=seen[link.subject])


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_custody")]

    operations = [
        migrations.AddField(
            "link", "number", models.IntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            "link",
            "datum",
            models.CharField(blank=True, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.RemoveIndex("link", "custody_chain"),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterField(
            "link",
            "kind",
            models.CharField(
                choices=[
                    ("collected", "提取"),
                    ("sealed", "封存"),
                    ("offered", "移交"),
                    ("accepted", "接收"),
                    ("refused", "拒收"),
                    ("withdrawn", "撤回移交"),
                    ("opened", "拆封"),
                    ("tested", "检验"),
                    ("returned", "发还"),
                    ("disposed", "处置"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            "Metadata",
            [
                (
                    "blob",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="metadata",
                        serialize=False,
                        to="evidence.blob",
                    ),
                ),
                ("version", models.IntegerField()),
                ("found", models.JSONField()),
                ("read_at", models.DateTimeField()),
            ],
            options={"db_table": "evidence_custody_metadata"},
        ),
    ]
