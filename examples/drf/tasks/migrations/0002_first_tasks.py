"""Two users, "ada" and the administrator "admin", each with the name as password; some tasks."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

TITLES = ("Buy milk", "Call Bo", "Learn Django", "Paint the door", "Read", "Sleep")


def fill(apps, schema_editor):
    User, Task = apps.get_model("auth", "User"), apps.get_model("tasks", "Task")
    ada = User.objects.create(username="ada", password=make_password("ada"))
    User.objects.create(
        username="admin", password=make_password("admin"), is_staff=True, is_superuser=True
    )
    Task.objects.bulk_create(Task(title=title, owner=ada) for title in TITLES)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
