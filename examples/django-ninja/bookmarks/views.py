"""The page; what is on it comes from the API."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Count the visits, in the session."""
    request.session["visits"] = request.session.get("visits", 0) + 1
    return render(request, "bookmarks/home.html", {"visits": request.session["visits"]})
