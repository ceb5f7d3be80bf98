"""What a page of a file says, and where on the page: search in it, dates in it."""
