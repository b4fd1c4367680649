"""The project's addresses."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from ninja import NinjaAPI

from bookmarks.api import router
from bookmarks.views import home

api = NinjaAPI(title="Bookmarks", version="1.0.0")
api.add_router("/bookmarks", router)

urlpatterns = [
    path("", home, name="home"),
    path("api/", api.urls),
    path("login/", LoginView.as_view(template_name="bookmarks/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
