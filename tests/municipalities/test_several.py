"""Several keys in one column: kept in their order, found by each, and whole in a backup."""

from typing import Any

import pytest
from django.core import serializers

from coalition.models import Lever, Partner
from municipalities.framework import Pillar
from tests import factories
from tests.conftest import Cast


@pytest.mark.parametrize("kinds", [Pillar, Lever])
def test_no_key_is_part_of_another(kinds: type[Pillar]):
    assert [(a, b) for a in kinds.values for b in kinds.values if a != b and a in b] == []


def test_keys_are_kept_in_their_order_and_found_by_each(cast: Cast):
    row = factories.partner(cast.larkspur, pillars=("governance", "work", "work"))
    other = factories.partner(cast.larkspur)
    assert [Partner.objects.get(pk=pk).pillars for pk in (row.pk, other.pk)] == [("work", "governance"), ()]
    for key in Pillar.values:
        found = list(Partner.objects.filter(pillars__contains=key))
        assert found == ([row] if key in ("work", "governance") else [])


def test_a_backup_brings_them_back(cast: Cast):
    row = factories.partner(cast.larkspur, pillars=("work", "health"))
    text = serializers.serialize("json", [row])
    back: Any = next(serializers.deserialize("json", text))
    assert (back.object.pillars, '"work health"' in text) == (("work", "health"), True)
