"""Automatic stations: their feed, their series, and the leads that exceedances open or strengthen."""
