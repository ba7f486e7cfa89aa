"""What the helper of `documents.apart` does once, when it starts: loads and reads what every file needs."""

import gc

import django

from documents import deck, word_report
from documents.pdf import draw_pdf

_STYLES = "<b>a</b><i>a</i><b><i>a</i></b><code>a</code>"
_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>a</title><link rel="stylesheet" href="css/print.css"></head>
<body><p>{_STYLES}</p></body></html>"""

# Named, so that they are loaded.
LOADED = (deck, word_report)

django.setup()
draw_pdf(_PAGE)
gc.collect()
gc.freeze()
