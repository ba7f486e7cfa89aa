"""What the helper of `documents.apart` does once, when it starts: loads and reads what every file needs."""

import gc

import django

from documents import word_report
from documents.pdf import draw_pdf

_STYLES = "<b>a</b><i>a</i><b><i>a</i></b><code>a</code>"
_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>a</title><link rel="stylesheet" href="css/print.css"></head>
<body><p>{_STYLES}</p></body></html>"""

# Named, so that it is loaded. Slides are rare: what they need is 8 MB in every helper, and loaded in 0.2 s.
LOADED = word_report

django.setup()
draw_pdf(_PAGE)
gc.collect()
gc.freeze()
