"""
The coalition as a flat table, out and in: a line for each person, or for a partner with nobody.

`table` reads a file into lines, `columns` says which of its columns is which of ours, `planning` what an import would
do, `applying` does it all or not at all, `writing` makes the files that are taken away.
"""
