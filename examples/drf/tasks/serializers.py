"""How tasks look from outside."""

from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.HyperlinkedModelSerializer):
    """A task; its owner is whoever makes it."""

    owner = serializers.ReadOnlyField(source="owner.username")

    class Meta:
        model = Task
        fields = ["url", "id", "title", "priority", "done", "owner", "created"]

    def validate_title(self, title: str) -> str:
        if title.isupper():
            raise serializers.ValidationError("Please do not shout.")
        return title
