"""Files that the coalition's fields are drafted into."""
