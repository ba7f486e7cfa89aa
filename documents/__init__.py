"""How what people take away is made, whatever it says: accessible PDF, safe Markdown, files that are kept for reuse."""
