"""Under `<slug>/readings/`."""

from django.urls import path

from readings import views

app_name = "readings"
urlpatterns = [
    path("", views.own, name="own"),
    path("save/", views.save, name="save"),
    path("open/", views.open_comparison, name="open"),
    path("compare/", views.compare, name="compare"),
    path("compare/<str:key>/", views.agree, name="agree"),
]
