"""Under `<slug>/launch/`."""

from django.urls import URLPattern

app_name = "launch"
urlpatterns: list[URLPattern] = []
