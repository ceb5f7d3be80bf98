"""Engines that run a supervision model: DuckDB, Spark, and a slow plain one that both must agree with."""
