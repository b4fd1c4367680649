"""What the library holds."""

from django.db import models


class Book(models.Model):
    """A book, and whether it was lent."""

    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    lent = models.BooleanField(default=False)
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return f"{self.title}, {self.author}"
