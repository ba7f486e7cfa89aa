"""Pages of a plan full of hostile content, in a real browser: nothing runs, and nothing makes a page wider."""

import pytest

from tests.conftest import Cast
from tests.plans import hostile

pytestmark = [pytest.mark.one_engine]

PAGES = (
    *("plan/", "plan/letter/", "plan/vision/", "plan/vision/revisions/", "plan/checks/", "plan/releases/"),
    *("plan/pictures/", "findings/findings/", "findings/data/", "findings/engagement/"),
    *("strategy/", "strategy/measures/", "strategy/diagram/", "tasks/", "coalition/", "preparedness/"),
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_hostile_content_runs_nowhere_and_widens_no_page(cast: Cast, sign_in):
    hostile.fill(cast)
    page, found = sign_in(cast.ana), []
    # Whatever of it ran would call this.
    page.add_init_script("window.pwned = () => { document.documentElement.dataset.pwned = location.pathname }")
    # Their places are kept without them; so many would only take time.
    page.route("**/pictures/*/", lambda route: route.abort())
    own = [f"/larkspur/{one}" for one in (*PAGES, *hostile.longest())]
    for address in (*own, "/public/larkspur/", "/public/larkspur/?lang=es"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        wide = page.evaluate(OVERFLOW)
        page.set_viewport_size({"width": 360, "height": 900})
        wider = max(wide, page.evaluate(OVERFLOW))
        ran = page.evaluate("document.documentElement.dataset.pwned || ''")
        if wider > 0 or ran:
            found.append(f"{address}: {wider} px wider, ran: {ran}")
    assert "\n".join(found) == ""
