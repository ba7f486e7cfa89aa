"""Under `calendar/`: what needs no sign-in, only the secret in the address."""

from django.urls import path

from preparedness import views

app_name = "calendar"
urlpatterns = [path("<str:token>.ics", views.feed, name="feed")]
