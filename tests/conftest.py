"""The cast, and a client for each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from municipalities.models import Municipality, Role
from tests import factories
from tests.standing import Standing

# A busy machine is slow, not wrong: how long one example takes says nothing.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")


@dataclass(frozen=True)
class Cast:
    """Ana, Ben, Lena and Vera of Larkspur; Olaf, the Advocate of another town."""

    larkspur: Municipality
    fairmont: Municipality
    ana: User
    ben: User
    lena: User
    vera: User
    olaf: User

    def __getitem__(self, name: str) -> User:
        user = getattr(self, name)
        assert isinstance(user, User)
        return user


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    """How slowly a password is to be guessed is Django's own promise; the tests need not wait for it each time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database goes away at the end, although a thread of the live server may still be closing its connection."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({others}) AS others")


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(autouse=True)
def own_uploads(settings: LazySettings, uploads: Path) -> None:
    """What a test uploads or exports never lands beside real files, nor where another worker looks for its own."""
    settings.MEDIA_ROOT = uploads
    settings.EXPORT_CACHE_DIR = uploads / "exports"
    caches: dict[str, Any] = settings.CACHES
    progress = {**caches["progress"], "LOCATION": str(uploads / "progress")}
    settings.CACHES = {**caches, "progress": progress}


@pytest.fixture(scope="session")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Standing[Cast]:
    with django_db_blocker.unblock():
        return Standing(_cast)


def _cast() -> Cast:
    larkspur = factories.place()
    fairmont = factories.place("fairmont", "City of Fairmont Bay")
    return Cast(
        larkspur,
        fairmont,
        ana=factories.member(larkspur, "Ana Reyes", Role.ADVOCATE),
        ben=factories.member(larkspur, "Ben Carter", Role.CONTRIBUTOR),
        lena=factories.member(larkspur, "Lena Whitfield", Role.LEADERSHIP),
        vera=factories.member(larkspur, "Vera Lindqvist", Role.VIEWER),
        olaf=factories.member(fairmont, "Olaf Sorensen", Role.ADVOCATE),
    )


@pytest.fixture
def cast(standing: Standing[Cast], db: None) -> Cast:
    return standing.put()


def signed_in(user: User) -> Client:
    """A client whose person has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ana(cast: Cast) -> Client:
    return signed_in(cast.ana)


@pytest.fixture
def ben(cast: Cast) -> Client:
    return signed_in(cast.ben)


@pytest.fixture
def lena(cast: Cast) -> Client:
    return signed_in(cast.lena)


@pytest.fixture
def vera(cast: Cast) -> Client:
    return signed_in(cast.vera)


@pytest.fixture
def olaf(cast: Cast) -> Client:
    return signed_in(cast.olaf)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite is tested as it is run, from a file: several threads on one in-memory database are another engine."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
