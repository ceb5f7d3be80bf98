"""Pages: what documents are made of (`file`), and one document (`paper`)."""
