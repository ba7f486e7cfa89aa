"""Who belongs to a municipality: invitations used once, and never a town without an Advocate."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from municipalities import services
from municipalities.models import Invitation, Membership, Role, digest
from municipalities.services import InvitationError, LastAdvocateError, SeatChangedError
from tests.conftest import Cast
from tests.factories import PASSWORD, UserFactory


def invited(cast: Cast, email: str = "kim@larkspur.example", role: str = Role.CONTRIBUTOR) -> str:
    return services.invite(municipality=cast.larkspur, email=email, role=role, title="Planner", by=cast.ana)[1]


def seat(cast: Cast, name: str) -> Membership:
    row: Membership = Membership.objects.get(municipality=cast.larkspur, user=cast[name])
    return row


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls in threads that start together; "done" or the error's name, for each."""
    gate, results = threading.Barrier(len(calls)), [""] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            call()
            results[index] = "done"
        except Exception as error:
            results[index] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_a_new_person_joins_with_name_password_role_and_title(cast: Cast):
    row = services.accept(token=invited(cast, " KIM@Larkspur.example "), name="Kim Doe", password=PASSWORD)
    assert (row.user.email, row.user.name, row.user.check_password(PASSWORD)) == (
        "kim@larkspur.example",
        "Kim Doe",
        True,
    )
    assert (row.municipality, row.role, row.title, row.updated_by) == (
        cast.larkspur,
        "contributor",
        "Planner",
        row.user,
    )


def test_the_secret_itself_is_kept_nowhere(cast: Cast):
    token = invited(cast)
    row = Invitation.objects.get()
    assert row.token_digest == digest(token)
    columns = ", ".join(f'"{field.column}"' for field in Invitation._meta.local_fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM municipalities_invitation")
        assert token not in str(cursor.fetchall())


def test_an_invitation_is_used_once(cast: Cast):
    token = invited(cast)
    services.accept(token=token, name="Kim Doe", password=PASSWORD)
    with pytest.raises(InvitationError):
        services.accept(token=token, name="Somebody Else", password=PASSWORD)
    assert [u.name for u in User.objects.filter(email="kim@larkspur.example")] == ["Kim Doe"]


def test_an_expired_invitation_lets_nobody_in(cast: Cast):
    token = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationError):
        services.accept(token=token, name="Kim Doe", password=PASSWORD)
    assert not User.objects.filter(email="kim@larkspur.example").exists()


def test_an_invitation_lasts_seven_days(cast: Cast):
    invited(cast)
    row = Invitation.objects.get()
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_a_withdrawn_invitation_lets_nobody_in_and_is_withdrawn_once(cast: Cast):
    token = invited(cast)
    services.revoke(invitation=Invitation.objects.get(), by=cast.ana)
    with pytest.raises(InvitationError):
        services.accept(token=token, name="Kim Doe", password=PASSWORD)
    with pytest.raises(InvitationError):
        services.revoke(invitation=Invitation.objects.get(), by=cast.lena)
    assert Invitation.objects.get().revoked_by == cast.ana


def test_a_used_invitation_cannot_be_withdrawn(cast: Cast):
    services.accept(token=invited(cast), name="Kim Doe", password=PASSWORD)
    with pytest.raises(InvitationError):
        services.revoke(invitation=Invitation.objects.get(), by=cast.ana)
    row = Invitation.objects.get()
    assert (row.revoked_at, row.revoked_by) == (None, None)


def test_a_second_invitation_to_an_address_makes_the_first_useless(cast: Cast):
    first, second = invited(cast), invited(cast, "Kim@larkspur.example", Role.VIEWER)
    with pytest.raises(InvitationError):
        services.accept(token=first, name="Kim Doe", password=PASSWORD)
    assert services.accept(token=second, name="Kim Doe", password=PASSWORD).role == "viewer"
    assert [row.revoked_by for row in Invitation.objects.order_by("pk")] == [cast.ana, None]


def test_somebody_signed_in_uses_only_what_was_sent_to_them(cast: Cast):
    token = invited(cast, "Olaf@fairmont.example")
    with pytest.raises(InvitationError):
        services.accept(token=token, user=cast.vera)
    assert services.accept(token=token, user=cast.olaf).municipality == cast.larkspur


def test_the_link_alone_never_takes_over_an_account_with_a_password(cast: Cast):
    cast.olaf.set_password(PASSWORD)
    cast.olaf.save()
    token = invited(cast, cast.olaf.email)
    with pytest.raises(InvitationError):
        services.accept(token=token, name="Mallory", password="another long passphrase")
    cast.olaf.refresh_from_db()
    assert (cast.olaf.name, cast.olaf.check_password(PASSWORD)) == ("Olaf Sorensen", True)
    assert Invitation.objects.get().used_at is None


def test_an_account_that_never_had_a_password_gets_one(cast: Cast):
    UserFactory.create(email="kim@larkspur.example", name="Kim", password=None)
    row = services.accept(token=invited(cast), name="Kim Doe", password=PASSWORD)
    assert (row.user.name, row.user.check_password(PASSWORD)) == ("Kim Doe", True)


def test_who_has_a_seat_already_keeps_their_role(cast: Cast):
    token = invited(cast, cast.ana.email, Role.VIEWER)
    assert services.accept(token=token, user=cast.ana).role == "advocate"
    assert seat(cast, "ana").version == 1


def test_a_role_is_changed_with_its_history(cast: Cast):
    services.change_role(membership=seat(cast, "ben"), role=Role.VIEWER, title="Planner", by=cast.ana, seen=1)
    row = seat(cast, "ben")
    assert (row.role, row.title, row.version, row.history.first().history_user) == ("viewer", "Planner", 2, cast.ana)


def test_a_change_by_somebody_who_saw_an_older_state_is_refused(cast: Cast):
    services.change_role(membership=seat(cast, "ben"), role=Role.VIEWER, title="", by=cast.ana, seen=1)
    with pytest.raises(SeatChangedError):
        services.change_role(membership=seat(cast, "ben"), role=Role.LEADERSHIP, title="", by=cast.ana, seen=1)
    assert seat(cast, "ben").role == "viewer"


def test_the_last_advocate_is_neither_lowered_nor_removed_but_may_get_a_title(cast: Cast):
    ana = seat(cast, "ana")
    with pytest.raises(LastAdvocateError):
        services.change_role(membership=ana, role=Role.LEADERSHIP, title="", by=cast.ana)
    with pytest.raises(LastAdvocateError):
        services.remove_member(membership=ana, by=cast.ana)
    services.change_role(membership=ana, role=Role.ADVOCATE, title="Director", by=cast.ana)
    assert (seat(cast, "ana").role, seat(cast, "ana").title) == ("advocate", "Director")


def test_another_towns_advocate_does_not_count(cast: Cast):
    assert Membership.objects.filter(role=Role.ADVOCATE).count() == 2
    with pytest.raises(LastAdvocateError):
        services.remove_member(membership=seat(cast, "ana"), by=cast.ana)


def test_one_of_two_advocates_may_go_and_the_history_says_who_removed_them(cast: Cast):
    services.change_role(membership=seat(cast, "ben"), role=Role.ADVOCATE, title="", by=cast.ana)
    services.remove_member(membership=seat(cast, "ana"), by=cast.ben)
    gone = Membership.history.filter(user=cast.ana).first()
    assert (gone.history_type, gone.history_user) == ("-", cast.ben)


def test_a_member_who_is_gone_cannot_be_changed(cast: Cast):
    ben = seat(cast, "ben")
    services.remove_member(membership=seat(cast, "ben"), by=cast.ana)
    with pytest.raises(Membership.DoesNotExist):
        services.change_role(membership=ben, role=Role.VIEWER, title="", by=cast.ana)
    with pytest.raises(Membership.DoesNotExist):
        services.remove_member(membership=ben, by=cast.ana)


@pytest.mark.parametrize("slug", ["Larkspur", "a b", "accounts", "", "x" * 51, "larkspur", "a/b", "-a"])
def test_a_municipality_that_cannot_be_is_refused(cast: Cast, slug: str):
    with pytest.raises(ValidationError):
        services.create_municipality(slug=slug, name="Somewhere")


@pytest.mark.django_db(transaction=True)
def test_two_who_use_one_link_at_once_make_one_account(cast: Cast):
    token = invited(cast)
    join = [lambda n=n: services.accept(token=token, name=f"Kim {n}", password=PASSWORD) for n in range(4)]
    assert sorted(at_once(*join)) == ["InvitationError"] * 3 + ["done"]
    assert User.objects.filter(email="kim@larkspur.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_of_one_person_joining_at_once_use_the_link_once(cast: Cast):
    token = invited(cast, cast.olaf.email)
    assert sorted(at_once(*[lambda: services.accept(token=token, user=cast.olaf)] * 4)) == ["InvitationError"] * 3 + [
        "done"
    ]
    assert Membership.history.filter(municipality=cast.larkspur, user=cast.olaf).count() == 1


@pytest.mark.django_db(transaction=True)
def test_joining_and_withdrawing_at_once_let_exactly_one_of_them_be_true(cast: Cast):
    token, row = invited(cast, cast.olaf.email), Invitation.objects.get()
    outcome = at_once(
        lambda: services.accept(token=token, user=cast.olaf), lambda: services.revoke(invitation=row, by=cast.ana)
    )
    row.refresh_from_db()
    joined = Membership.objects.filter(municipality=cast.larkspur, user=cast.olaf).exists()
    assert sorted(outcome) == ["InvitationError", "done"]
    assert (row.used_at is not None, row.revoked_at is not None) == (joined, not joined)


@pytest.mark.django_db(transaction=True)
def test_two_advocates_who_remove_each_other_at_once_leave_one(cast: Cast):
    services.change_role(membership=seat(cast, "ben"), role=Role.ADVOCATE, title="", by=cast.ana)
    ana, ben = seat(cast, "ana"), seat(cast, "ben")
    outcome = at_once(
        lambda: services.remove_member(membership=ben, by=cast.ana),
        lambda: services.remove_member(membership=ana, by=cast.ben),
    )
    assert sorted(outcome) == ["LastAdvocateError", "done"]
    assert Membership.objects.filter(municipality=cast.larkspur, role=Role.ADVOCATE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_to_one_address_at_once_leave_one_open(cast: Cast):
    assert at_once(*[lambda: invited(cast)] * 4) == ["done"] * 4
    assert Invitation.objects.usable().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_new_person_joining_two_towns_at_once_is_one_account(cast: Cast):
    tokens = [
        services.invite(municipality=place, email="kim@larkspur.example", role=Role.VIEWER, by=None)[1]
        for place in (cast.larkspur, cast.fairmont)
    ]
    join = [lambda t=t: services.accept(token=t, name="Kim Doe", password=PASSWORD) for t in tokens]
    assert sorted(at_once(*join)) == ["InvitationError", "done"]
    assert User.objects.filter(email="kim@larkspur.example").count() == 1
