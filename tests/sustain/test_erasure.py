"""Who was thanked asks to be erased: what is finished or public stays, and nothing drawn from then on names them."""

from coalition.models import Person
from coalition.services import erase_person
from municipalities.records import overwrite
from plans.models import Release
from sustain.models import AnnualReport
from sustain.services import finish_report, open_report
from tests import factories
from tests.conftest import Cast, signed_in
from tests.sustain.conftest import LAST, log

NAME = "Zanzibaria Quill"
WINS, NOTE = "/larkspur/sustain/wins/", "/larkspur/sustain/handover/"


def thanked(cast: Cast) -> Person:
    """Somebody who speaks for themself, agreed to be named, keeps the data and is thanked for a win."""
    row = factories.partner(cast.larkspur, name=NAME, person=NAME, individual=True, listed=True)
    person: Person = row.people.get()
    overwrite(person, by=cast.ana, role="data_lead", listed=True)
    log(cast, partners=(str(row.pk),))
    return person


def finished(cast: Cast, report: AnnualReport) -> AnnualReport:
    report.refresh_from_db()
    return finish_report(municipality=cast.larkspur, pk=report.pk, seen=report.version, today=LAST, by=cast.ben)


def naming(cast: Cast, *addresses: str) -> list[str]:
    """Those of the pages that name them."""
    vera = signed_in(cast.vera)
    return [address for address in addresses if NAME in vera.get(address).content.decode()]


def test_nothing_that_is_drawn_from_then_on_names_them(cast: Cast, report: AnnualReport):
    person = thanked(cast)
    pages = (f"/larkspur/sustain/reports/{report.pk}/", NOTE, WINS, f"{WINS}export.csv")
    assert naming(cast, *pages) == list(pages)
    erase_person(municipality=cast.larkspur, pk=person.pk, by=cast.ana)
    assert naming(cast, *pages) == []


def test_what_is_finished_or_public_stays_until_it_is_made_anew(cast: Cast, report: AnnualReport):
    person, page = thanked(cast), f"/larkspur/sustain/reports/{report.pk}/"
    frozen = finished(cast, report).frozen
    release = factories.release(cast.larkspur, cast.lena)
    erase_person(municipality=cast.larkspur, pk=person.pk, by=cast.ana)
    report.refresh_from_db()
    release = Release.objects.get(pk=release.pk)
    assert (report.frozen == frozen, release.reckoned) == (True, release.fingerprint)
    assert (naming(cast, page), NAME in release.data) == ([page], True)
    open_report(municipality=cast.larkspur, pk=report.pk, by=cast.lena)
    assert naming(cast, page) == []
    assert NAME not in finished(cast, report).frozen
    assert naming(cast, page) == []


def test_who_erases_is_told_what_stays_and_led_there(cast: Cast):
    person, ana = thanked(cast), signed_in(cast.ana)
    told = ana.get(f"/larkspur/coalition/people/{person.pk}/erase/").content.decode()
    assert "What was made public or finished stays as it was" in told
    for address in ("/larkspur/plan/releases/", "/larkspur/sustain/#reports-title"):
        assert f'<a href="{address}">' in told
        assert ana.get(address).status_code == 200
    assert 'id="reports-title"' in ana.get("/larkspur/sustain/").content.decode()
