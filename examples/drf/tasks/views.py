"""The API."""

from rest_framework import permissions, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from tasks.models import Task
from tasks.serializers import TaskSerializer


class IsOwnerOrReadOnly(permissions.BasePermission):
    """Only who made a task may change it."""

    def has_object_permission(self, request: Request, view: APIView, obj: Task) -> bool:
        return request.method in permissions.SAFE_METHODS or obj.owner == request.user


class TaskViewSet(viewsets.ModelViewSet):
    """Tasks: to be read by everybody, added by who is logged in, changed by their owner."""

    queryset = Task.objects.select_related("owner")
    serializer_class = TaskSerializer
    permission_classes = [permissions.IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]
    filterset_fields = ["done", "priority"]
    search_fields = ["title"]
    ordering_fields = ["id", "title", "priority"]

    def perform_create(self, serializer: BaseSerializer) -> None:
        serializer.save(owner=self.request.user)

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str | None = None) -> Response:
        """Mark it as done."""
        task = self.get_object()
        task.done = True
        task.save(update_fields=["done"])
        return Response(self.get_serializer(task).data)
