"""The library's pages: sync views, an async one, and a sync one that calls it."""

from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from library.models import Book


class BookForm(forms.ModelForm):
    """A new book."""

    class Meta:
        model = Book
        fields = ("title", "author")


def home(request: HttpRequest) -> HttpResponse:
    """Show the books, and take in a new one."""
    form = BookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        book = form.save()
        messages.success(request, f"{book.title} is here now.")
        return redirect("home")
    request.session["visits"] = request.session.get("visits", 0) + 1
    context = {"form": form, "books": Book.objects.all(), "visits": request.session["visits"]}
    return render(request, "library/home.html", context)


@require_POST
def lend(request: HttpRequest, book: int) -> HttpResponse:
    """Lend a book, or take it back."""
    with transaction.atomic():
        found = get_object_or_404(Book.objects.select_for_update(), pk=book)
        found.lent = not found.lent
        found.save()
    messages.info(request, f"{found.title} was {'lent' if found.lent else 'brought back'}.")
    return redirect("home")


async def statistics(request: HttpRequest) -> JsonResponse:
    """Count, in async code."""
    del request
    return JsonResponse(await counted())


def report(request: HttpRequest) -> HttpResponse:
    """Count, in sync code that waits for async code."""
    del request
    numbers = async_to_sync(counted)()
    return HttpResponse(f"{numbers['books']} books, {numbers['lent']} lent", "text/plain")


async def counted() -> dict[str, Any]:
    """Return the numbers."""
    return {
        "books": await Book.objects.acount(),
        "lent": await Book.objects.filter(lent=True).acount(),
    }
