"""What commands that name a municipality share: the slug looked up, or one clear line."""

from django.core.management import CommandError

from municipalities.models import Municipality


def municipality(slug: str) -> Municipality:
    """The municipality at that address; raises CommandError where there is none."""
    # What cannot be printed cannot be a slug either, and some of it cannot even be asked of a database.
    found = Municipality.objects.filter(slug=slug).first() if slug.isprintable() else None
    if found is None:
        raise CommandError(f'There is no municipality "{slug}".')
    return found
