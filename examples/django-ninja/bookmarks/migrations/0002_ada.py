"""The user "ada", with her name as password."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def add_ada(apps, schema_editor):
    apps.get_model("auth", "User").objects.create(username="ada", password=make_password("ada"))


class Migration(migrations.Migration):
    dependencies = [
        ("bookmarks", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(add_ada, migrations.RunPython.noop)]
