"""`{% translate %}` answers as Django's own does, and looks fixed words up once."""

import pytest
from django.template import Context, Template
from django.templatetags import i18n

from mobility_planning.templatetags import words


def shown(libraries: str, source: str, **values: object) -> list[str]:
    """What comes of a template, twice in a row."""
    found = Template(f"{{% load {libraries} %}}{source}")
    return [found.render(Context(values)) for _turn in range(2)]


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Plain words" %}',
        "{% translate 'Fish & <b>chips</b>: 100% of it' %}",
        '{% autoescape off %}{% translate "Fish & chips" %}{% endautoescape %}',
        '{% translate "Plain words" as here %}[{{ here }}|{{ here|upper }}]',
        '{% for n in "ab" %}{% translate "Plain & words" as here %}{{ n }}{{ here }}{% endfor %}',
        '{% translate "Plain words"|upper %}',
        '{% translate "of" context "page n of N" %}',
        '{% translate "Plain words" noop %}',
        "{% translate said %}",
        "{% translate said|default:other %}",
        "{% translate nothing %}",
    ],
)
def test_the_words_are_those_that_django_finds(source: str):
    values = {"said": "a <b>", "other": "else"}
    assert shown("i18n look", source, **values) == shown("i18n", source, **values)


def test_fixed_words_are_looked_up_once_a_language_and_others_each_time(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    language = "en-us"

    def render(node: i18n.TranslateNode, context: Context) -> str:
        asked.append(language)
        return f"{language}: {node.filter_expression.resolve(context)}"

    monkeypatch.setattr(i18n.TranslateNode, "render", render)
    monkeypatch.setattr(words, "get_language", lambda: language)
    template = Template('{% load i18n look %}{% translate "Words" %}')
    assert [template.render(Context()) for _turn in range(3)] == ["en-us: Words"] * 3
    language = "es"
    assert [template.render(Context()) for _turn in range(3)] == ["es: Words"] * 3
    assert asked == ["en-us", "es"]
    other = Template("{% load i18n look %}{% translate said %}")
    assert [other.render(Context({"said": said})) for said in "ab"] == ["es: a", "es: b"]
