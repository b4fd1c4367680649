"""The same project as a WSGI app."""

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

from project.asgi import application as _prepared  # noqa: F401

application = StaticFilesHandler(get_wsgi_application())
