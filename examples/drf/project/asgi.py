"""The ASGI app. On its first start it makes a database with some tasks and two users."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = ASGIStaticFilesHandler(get_asgi_application())

# A server imports this from its event loop, where Django's database layer refuses to work.
with ThreadPoolExecutor(1) as pool:
    pool.submit(call_command, "migrate", verbosity=0).result()
