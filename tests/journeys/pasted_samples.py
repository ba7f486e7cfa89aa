"""What browsers hand over when somebody pastes, and the Markdown it becomes (None: the words alone)."""

from playwright.sync_api import Page

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15"><title>Draft</title>
<link rel=File-List href="file:///C:/Temp/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0in; font-family:"Calibri",sans-serif;} @list l0:level1 {mso-level-text:;} --></style>
</head><body lang=EN-US style='tab-interval:.5in'><!--StartFragment-->
<h1><span style='mso-bookmark:x'><b>Why&nbsp;now</b><o:p></o:p></span></h1>
<p class=MsoNormal>Rents <b style='mso-bidi-font-weight:normal'>ri</b><b>se</b> and wages <i>do
not</i>.<span style='mso-spacerun:yes'>&nbsp; </span>See <a href="https://example.gov/a_(b)?x=1&amp;y=2">the
budget</a>, <a href="file:///C:/secret.docx">a file</a> and <a href="#_ftn1"><span>[1]</span></a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<h2>What we do<o:p></o:p></h2>
<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span><![endif]>Homes<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in;text-indent:-.25in;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp;
</span></span></span><![endif]><b>Rent</b> relief<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-.25in;mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span>Jobs<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>3.<span>&nbsp;
</span></span>Third<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l1 level2 lfo2'><span style='mso-list:Ignore'>a)<span>&nbsp;
</span></span>Part<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>4.<span>&nbsp;
</span></span>Fourth<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>
 <tr style='mso-yfti-irow:0'><td width=200 style='width:2in'><p class=MsoNormal><b>Measure</b><o:p></o:p></p></td>
 <td><p class=MsoNormal align=right style='text-align:right'><b>Target</b><o:p></o:p></p></td></tr>
 <tr><td><p class=MsoNormal>Rent | share<o:p></o:p></p><p class=MsoNormal>of income<o:p></o:p></p></td>
 <td><p class=MsoNormal align=right style='text-align:right'>30%<o:p></o:p></p></td></tr>
</table>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="p"><v:imagedata src="file:///C:/Temp/clip.png"/></v:shape><![endif]--><img
width=10 src="http://127.0.0.1:9/beacon.png" onerror="alert(1)"><span style='mso-hide:all'>hidden</span>The end.</p>
<!--EndFragment--></body></html>"""
WORD_MARKDOWN = """## Why now

Rents **rise** and wages *do not*. See [the budget](https://example.gov/a_%28b%29?x=1&y=2), a file and \\[1\\].

### What we do

- Homes
  - **Rent** relief
- Jobs

3. Third
   1. Part
4. Fourth

| Measure | Target |
| --- | ---: |
| Rent \\| share of income | 30% |

The end."""

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span
style="font-weight:400">Goals</span></h2><p dir="ltr"><span
style="font-weight:700;white-space:pre-wrap">Bold</span><span
style="font-style:italic;font-weight:400"> and slanted</span></p><ul><li dir="ltr" aria-level="1"><p dir="ltr"
role="presentation"><span>One</span></p></li><ul><li aria-level="2"><p role="presentation">Inner</p></li></ul><li><p
>Two
</p></li></ul></b><br class="Apple-interchange-newline">"""

SAMPLES = {
    "Word": (WORD, WORD_MARKDOWN),
    "Google Docs": (DOCS, "## Goals\n\n**Bold** *and slanted*\n\n- One\n  - Inner\n- Two"),
    "scripts and hidden parts": (
        "<p>One<script>alert(1)</script><style>p{}</style><span style='display: none'>no</span></p>"
        "<p onclick=x><iframe src='javascript:alert(1)'></iframe>Two<svg onload=alert(1)><text>no</text></svg></p>",
        "One\n\nTwo",
    ),
    "links": (
        "<p><a href='javascript:alert(1)'>a</a> <a href='mailto:ana@example.gov'>b</a> <a href='/x'>c</a> "
        "<a href='https://example.gov/d'><h3>D</h3></a></p>",
        "a [b](mailto:ana@example.gov) c\n\n## [D](https://example.gov/d)",
    ),
    "marks that are words": (
        "<ul><li>* 1. snake_case [x](y) &amp;copy; # `tick`</li><li>2. two</li></ul>",
        "- \\* 1. snake_case \\[x\\](y) \\&copy; # \\`tick\\`\n- 2\\. two",
    ),
    "cells over several": (
        "<table><caption>Rents</caption><tr><th colspan=2>A</th></tr><tr>"
        "<td rowspan=2>b<ul><li>x</li><li>y</li></ul></td>"
        "<td>c<br>d</td></tr><tr><td><h3>e</h3></td></tr><tr><td></td><td> </td></tr></table>",
        "Rents\n\n| A   |     |\n| --- | --- |\n| b x; y | c d |\n|     | e   |",
    ),
    "a table that only arranges": (
        "<table><tr><td><p>One</p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></td></tr></table>",
        "One\n\n| a   | b   |\n| --- | --- |\n| 1   | 2   |",
    ),
    "nested list, lines, quote": (
        "<ol start=2><li><p>two</p><p>more</p><ul><li>in</li></ul></li></ol><blockquote><p>Ask us.</p></blockquote>"
        "<p>a<br>b</p><hr><h5>Deep</h5><h6>Deeper</h6>",
        "2. two\n\n   more\n\n   - in\n\n> Ask us.\n\na  \nb\n\n---\n\n## Deep\n\n### Deeper",
    ),
    "words without form": ("<meta charset='utf-8'><span style='color:red'>just **words**</span>", None),
    "an editor of code": (
        "<div style='color:#000;white-space: pre;'><div><b># Markdown</b></div><div>- a</div></div>",
        None,
    ),
    "one cell of a spreadsheet": ("<table><tr><td class=xl65>42</td></tr></table>", None),
}

PASTE = """([area, html, plain]) => {
    const clipboardData = new DataTransfer();
    if (html) clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", plain);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    return !document.getElementById(area).dispatchEvent(paste);
}"""


def paste(page: Page, html: str, plain: str = "the words alone", area: str = "section-body") -> bool:
    """Whether the page saw to it itself; where not, the browser puts in the plain words."""
    taken: bool = page.evaluate(PASTE, [area, html, plain])
    return taken
