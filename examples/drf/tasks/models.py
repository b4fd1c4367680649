"""What is to be done."""

from django.conf import settings
from django.db import models


class Task(models.Model):
    """Something to do, and whose it is."""

    class Priority(models.IntegerChoices):
        LOW = 1
        NORMAL = 2
        HIGH = 3

    title = models.CharField(max_length=100)
    priority = models.IntegerField(choices=Priority, default=Priority.NORMAL)
    done = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tasks")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
