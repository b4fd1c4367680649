"""The API: to be read by everybody, written to by who is logged in."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import aget_object_or_404, get_object_or_404
from ninja import File, FilterSchema, ModelSchema, Query, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile
from ninja.pagination import paginate
from ninja.security import django_auth
from pydantic import HttpUrl

from bookmarks.models import Bookmark, Tag

router = Router(tags=["bookmarks"])


class TagOut(ModelSchema):
    class Meta:
        model = Tag
        fields = ["name"]


class BookmarkIn(Schema):
    url: HttpUrl
    title: str
    tags: list[str] = []


class BookmarkOut(ModelSchema):
    tags: list[TagOut]
    owner: str

    class Meta:
        model = Bookmark
        fields = ["id", "url", "title", "picture"]

    @staticmethod
    def resolve_owner(bookmark: Bookmark) -> str:
        return bookmark.owner.username


class BookmarkFilter(FilterSchema):
    title__icontains: str | None = None
    tags__name: str | None = None


@router.get("", response=list[BookmarkOut])
@paginate
def list_bookmarks(request: HttpRequest, filters: Query[BookmarkFilter]) -> QuerySet[Bookmark]:
    bookmarks = Bookmark.objects.select_related("owner").prefetch_related("tags")
    return filters.filter(bookmarks)


@router.post("", response={201: BookmarkOut}, auth=django_auth)
def create_bookmark(request: HttpRequest, payload: BookmarkIn) -> tuple[int, Bookmark]:
    bookmark = Bookmark.objects.create(
        url=str(payload.url), title=payload.title, owner=request.user
    )
    bookmark.tags.set([Tag.objects.get_or_create(name=name)[0] for name in payload.tags])
    return 201, bookmark


@router.get("/tags", response=dict[str, int])
async def count_tags(request: HttpRequest) -> dict[str, int]:
    tags = Tag.objects.annotate(count=Count("bookmarks"))
    return {tag.name: tag.count async for tag in tags}


@router.get("/{int:bookmark_id}", response=BookmarkOut)
async def get_bookmark(request: HttpRequest, bookmark_id: int) -> Bookmark:
    bookmarks = Bookmark.objects.select_related("owner").prefetch_related("tags")
    return await aget_object_or_404(bookmarks, pk=bookmark_id)


@router.post("/{int:bookmark_id}/picture", response=BookmarkOut, auth=django_auth)
def upload_picture(request: HttpRequest, bookmark_id: int, picture: File[UploadedFile]) -> Bookmark:
    bookmark = get_object_or_404(Bookmark, pk=bookmark_id, owner=request.user)
    if not (picture.content_type or "").startswith("image/"):
        raise HttpError(415, "This is no picture.")
    bookmark.picture.save(picture.name, picture)
    return bookmark


@router.delete("/{int:bookmark_id}", response={204: None}, auth=django_auth)
def delete_bookmark(request: HttpRequest, bookmark_id: int) -> tuple[int, None]:
    get_object_or_404(Bookmark, pk=bookmark_id, owner=request.user).delete()
    return 204, None
