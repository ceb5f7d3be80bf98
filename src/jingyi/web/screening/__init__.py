"""The studio: data of several organs, supervision models run over them, hits and what became of them."""
