"""Bookmarks and their tags."""

from django.conf import settings
from django.db import models


class Tag(models.Model):
    """A word that bookmarks are found by."""

    name = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.name


class Bookmark(models.Model):
    """An address that somebody wants to find again, with a picture of it."""

    url = models.URLField()
    title = models.CharField(max_length=100)
    tags = models.ManyToManyField(Tag, related_name="bookmarks", blank=True)
    picture = models.FileField(upload_to="pictures", blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
