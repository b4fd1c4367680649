"""The controllers: their routes are registered when they are imported."""

from app.controllers import api as api
from app.controllers import pages as pages
