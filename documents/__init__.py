"""How what people take away is made, whatever it says: accessible PDF and Word, inert cells, safe Markdown."""
