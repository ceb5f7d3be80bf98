"""Files of places and zones, read and written: GeoJSON, GeoPackage, Shapefile, KML, CSV."""
