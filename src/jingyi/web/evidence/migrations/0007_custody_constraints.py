"""Hold the order of a chain, after the numbers are in: PostgreSQL takes no constraint in the same breath."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_custody_in_order")]

    operations = [
        migrations.AddConstraint(
            "link",
            models.UniqueConstraint(fields=("subject", "number"), name="custody_in_order"),
        ),
        migrations.AddConstraint(
            "link",
            models.CheckConstraint(
                condition=models.Q(("lat__isnull", True), ("lon__isnull", True))
                | models.Q(("lat__isnull", False), ("lon__isnull", False)),
                name="custody_place_is_two_numbers",
            ),
        ),
    ]
