"""What `make run` does before it serves: a free port, a migrated database, the demo.

All in one process, because each start of Django costs a second.
"""

import os
import socket
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError


def check_port(value: str) -> None:
    """Raise CommandError with one clear line where the port cannot be served on."""
    if not (value.isdecimal() and 0 < int(value) < 65536):
        raise CommandError(f"PORT must be a number from 1 to 65535, not {value!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(value)))
        except OSError as error:
            another = "Choose another, for example: PORT=8080 make run"
            raise CommandError(f"Port {value} cannot be used ({error.strerror}). {another}") from error


def prepare_database() -> None:
    """Migrate and load the demo; each does nothing where it is done already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_planning.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_demo")


def main() -> int:
    """Return 0, or 1 after one line that says what is wrong."""
    try:
        check_port(os.environ.get("PORT", "8000"))
        prepare_database()
    except (ImproperlyConfigured, CommandError) as error:
        reason = str(error)
    except DatabaseError as error:
        reason = f"The database cannot be used: {str(error).strip().splitlines()[0]}"
    else:
        return 0
    print(f"make run: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
