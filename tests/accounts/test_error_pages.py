"""Error pages stand in the product's frame and say what to do."""

import re
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views import defaults

from tests.conftest import Cast


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The overview fails; a real fault, not a page drawn for the test."""

    def fail(*args: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("municipalities.access.enter", fail)


def test_a_page_that_is_not_there(cast: Cast, ana: Client):
    response = ana.get("/no/such/page/")
    html = response.content.decode()
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "<h1>There is no such page</h1>" in html
    assert 'class="mp-header"' in html


def test_another_towns_page_and_no_page_look_alike(cast: Cast, ana: Client):
    pages = [ana.get(f"/{slug}/readiness/").content.decode() for slug in ("fairmont", "nowhere")]
    theirs, none = (re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html) for html in pages)
    assert "Fairmont" not in theirs
    assert theirs == none


def test_a_role_too_small_is_told_who_can_help(cast: Cast, vera: Client):
    response = vera.get("/larkspur/settings/municipality/")
    html = response.content.decode()
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Your role in Larkspur County does not allow this. Nothing has been changed." in html
    assert "You are here as: Viewer." in html
    assert 'href="/larkspur/settings/"' in html


def test_a_request_too_large_is_explained(ana: Client):
    response = ana.post("/larkspur/readiness/steps/leadership.1/", {f"f{n}": "" for n in range(1100)})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "<h1>This could not be read</h1>" in response.content.decode()


def test_a_host_that_is_not_ours_gets_the_same_page(db: None):
    response = Client().get("/", headers={"host": "evil.example"})
    assert (response.status_code, "evil" in response.content.decode()) == (HTTPStatus.BAD_REQUEST, False)


def test_a_fault_of_ours_is_owned_up_to(cast: Cast, broken: None):
    client = Client(raise_request_exception=False)
    client.force_login(cast.ana)
    response = client.get("/larkspur/readiness/")
    html = response.content.decode()
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "<h1>Something went wrong here</h1>" in html
    assert "boom" not in html


def test_the_page_for_a_fault_never_asks_the_database(db: None):
    with CaptureQueriesContext(connection) as queries:
        response = defaults.server_error(RequestFactory().get("/"))
    assert (response.status_code, len(queries)) == (HTTPStatus.INTERNAL_SERVER_ERROR, 0)


def test_no_error_page_shows_a_trace_or_an_address_that_was_tried(cast: Cast, ana: Client):
    html = ana.get("/<script>alert(1)</script>/").content.decode()
    assert ("alert(1)" in html, "Traceback" in html) == (False, False)
