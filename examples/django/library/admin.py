"""The library in the admin."""

from django.contrib import admin

from library.models import Book


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    """Books, to be searched and filtered."""

    list_display = ("title", "author", "lent", "added")
    list_filter = ("lent",)
    search_fields = ("title", "author")
