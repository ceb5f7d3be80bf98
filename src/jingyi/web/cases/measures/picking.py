"""A few values out of an act's body, read by the database: bodies are long, and what is asked is short."""

from typing import Any

from django.db.models import F, Func, JSONField


class Picked(Func):
    """A JSON array of the values at `paths` of a JSON column; null where there is none."""

    output_field = JSONField()

    def __init__(self, column: str, *paths: tuple[str, ...]) -> None:
        super().__init__(F(column))
        self.paths = paths

    def as_sqlite(self, compiler: Any, _connection: Any, **_extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        found = [".".join(("$", *path)) for path in self.paths]
        marks = ", ".join("%s" for _ in found)
        return f"JSON_EXTRACT({column}, {marks})", [*params, *found]

    def as_postgresql(self, compiler: Any, _connection: Any, **_extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        found = ["{" + ",".join(path) + "}" for path in self.paths]
        parts = ", ".join(f"{column} #> %s::text[]" for _ in found)
        return f"JSONB_BUILD_ARRAY({parts})", [*(params * len(found)), *found]
