"""What if: switch steps and conditions, see what would follow, store nothing."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from municipalities import access
from readiness import queries
from readiness.queries.what_if import STATES, Switches, as_it_stands, what_if


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The switches and what follows; with htmx only what follows."""
    seat = access.read(request, slug)
    assessment = queries.assessment(seat.municipality)
    found = what_if(assessment, switches(request.GET, as_it_stands(assessment)))
    context = {
        "assessment": assessment,
        "page": found,
        "ways": [(way, address(way.switches)) for way in found.ways],
    }
    part = request.htmx  # type: ignore[attr-defined]
    template = "readiness/partials/_what_follows.html" if part else "readiness/what_if.html"
    return render(request, template, context)


def switches(sent: QueryDict, stands: Switches) -> Switches:
    """What the form's address switches; how it stands where nothing was sent, and what nobody knows is left out."""
    if "asked" not in sent:
        return stands
    taken = {key: sent.get(f"c-{key}", before) for key, before in stands.taken.items()}
    return Switches(
        frozenset(sent.getlist("step")),
        {key: word if word in STATES else stands.taken[key] for key, word in taken.items()},
    )


def address(of: Switches) -> str:
    """The query that switches so."""
    query = QueryDict(mutable=True)
    query["asked"] = "1"
    query.setlist("step", sorted(of.steps))
    for key, word in of.taken.items():
        query[f"c-{key}"] = word
    return query.urlencode()
