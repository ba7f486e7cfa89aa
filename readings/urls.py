"""Under `<slug>/readings/`."""

from django.urls import URLPattern

app_name = "readings"
urlpatterns: list[URLPattern] = []
