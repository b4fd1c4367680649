"""The library's addresses."""

from django.urls import path

from library import views

urlpatterns = [
    path("", views.home, name="home"),
    path("lend/<int:book>", views.lend, name="lend"),
    path("statistics", views.statistics, name="statistics"),
    path("report", views.report, name="report"),
]
