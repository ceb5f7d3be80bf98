"""The rapid testing laboratory: from a request to a result that says what it can prove."""
