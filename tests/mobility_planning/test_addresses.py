"""`{% url %}` answers as Django's own does, and looks a plain address up once."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse, set_script_prefix
from django.utils.html import escape
from django.utils.safestring import mark_safe

from mobility_planning.templatetags import addresses

FILE = '{% url "coalition:export" "larkspur" kind %}'


def nowhere() -> HttpResponse:
    """Never called."""
    return HttpResponse()


urlpatterns = [path("elsewhere/<str:slug>/", nowhere, name="overview")]


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    addresses._address.cache_clear()
    yield
    set_script_prefix("/")
    addresses._address.cache_clear()


def shown(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


@pytest.mark.parametrize("kind", ["csv", mark_safe("csv"), "a&b <i> '", "é", 7])
def test_an_address_is_the_one_that_django_finds(kind: object):
    expected = reverse("coalition:export", args=["larkspur", kind])
    for _turn in range(2):
        assert shown(FILE, kind=kind) == escape(expected)
    assert shown(f"{{% autoescape off %}}{FILE}{{% endautoescape %}}", kind=kind) == expected


def test_one_and_the_word_for_it_are_told_apart_and_names_of_parts_work():
    assert shown('{% url "coalition:partner" "larkspur" n %}', n=1) == "/larkspur/coalition/partners/1/"
    assert shown('{% url "coalition:partner" slug="larkspur" pk=n %}', n=1) == "/larkspur/coalition/partners/1/"
    assert shown('{% url "overview" "x" as here %}[{{ here }}]') == "[/x/]"
    assert shown('{% url "no such page" as here %}[{{ here }}]') == "[]"


def test_what_leads_nowhere_is_an_error_each_time():
    for _turn in range(2):
        with pytest.raises(NoReverseMatch):
            shown('{% url "no such page" %}')


def test_another_prefix_and_other_addresses_are_other_questions(settings: LazySettings):
    assert shown('{% url "overview" "x" %}') == "/x/"
    set_script_prefix("/below/")
    assert shown('{% url "overview" "x" %}') == "/below/x/"
    set_script_prefix("/")
    with override_settings(ROOT_URLCONF=__name__):
        addresses._address.cache_clear()
        assert shown('{% url "overview" "x" %}') == "/elsewhere/x/"


def test_it_is_looked_up_once():
    for _turn in range(3):
        shown(FILE, kind="csv")
    assert (addresses._address.cache_info().misses, addresses._address.cache_info().hits) == (1, 2)
