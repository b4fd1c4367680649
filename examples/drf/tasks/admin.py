"""The tasks in the admin."""

from django.contrib import admin

from tasks.models import Task


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    """Tasks, to be ticked off in the list."""

    list_display = ["title", "priority", "done", "owner"]
    list_editable = ["done"]
