"""The coalition's words and marks."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.models import Sector
from coalition.rules.coverage import Count, State

MARKS = {State.COMMITTED: "committed", State.TALKING: "in_conversation", State.NOBODY: "nobody"}

# For the picture and for sentences, where the whole label is too long.
SHORT_SECTORS = {
    Sector.LOCAL_GOVERNMENT: gettext_lazy("Local government"),
    Sector.OTHER_GOVERNMENT: gettext_lazy("Other governments"),
    Sector.BUSINESS: gettext_lazy("Business"),
    Sector.ANCHOR: gettext_lazy("Anchor institutions"),
    Sector.FINANCIAL: gettext_lazy("Financial institutions"),
    Sector.NONPROFIT: gettext_lazy("Nonprofits"),
    Sector.ADVOCACY: gettext_lazy("Advocacy groups"),
    Sector.RESEARCH: gettext_lazy("Research"),
    Sector.PHILANTHROPY: gettext_lazy("Philanthropy"),
    Sector.FAITH: gettext_lazy("Faith-based"),
    Sector.EDUCATION: gettext_lazy("Schools"),
    Sector.RESIDENTS: gettext_lazy("Residents"),
}

# Without these the guide does not call it a coalition (step 4): named one by one when they are absent.
AWAITED = {
    Sector.RESIDENTS: gettext_lazy("residents with lived experience"),
    Sector.PHILANTHROPY: gettext_lazy("philanthropy"),
    Sector.RESEARCH: gettext_lazy("research"),
    Sector.BUSINESS: gettext_lazy("business"),
}


def count_words(count: Count) -> str:
    """ "2 committed, 1 in conversation, 1 identified, 1 declined"; "nobody" where nobody is named."""
    kinds = (
        (count.committed, _("%(n)s committed")),
        (count.talking, _("%(n)s asked or in conversation")),
        (count.known, _("%(n)s identified")),
        (count.declined, _("%(n)s declined")),
    )
    words = ", ".join(text % {"n": n} for n, text in kinds if n)
    return words or _("nobody")
