"""The ASGI app. On its first start it makes a database with some books and a user for the admin."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = ASGIStaticFilesHandler(get_asgi_application())


def prepare() -> None:
    """Make the tables, the books and the user "admin" with the password "admin"."""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from library.models import Book

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        User.objects.create_superuser("admin", "admin@example.org", "admin")
        for title, author in (("Emma", "Jane Austen"), ("Heidi", "Johanna Spyri")):
            Book.objects.create(title=title, author=author)


# A server imports this from its event loop, where Django's database layer refuses to work.
with ThreadPoolExecutor(1) as pool:
    pool.submit(prepare).result()
