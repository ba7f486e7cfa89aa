"""A long text cut so that it fits a place on paper."""

ENDING = " …"


def shorten(text: str, characters: int, lines: int) -> str:
    """At most so many characters and lines of `text`, cut between words where it can be; `…` ends what was cut."""
    whole = text.strip().splitlines()
    kept = "\n".join(whole[:lines])
    if len(kept) > characters:
        cut = kept[: characters - len(ENDING)]
        space = cut.rfind(" ")
        return (cut[:space] if space > characters // 2 else cut).rstrip() + ENDING
    return kept.rstrip() + ENDING if len(whole) > lines else kept
