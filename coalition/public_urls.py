"""Under `calendar/meetings/`: what needs no sign-in, only the secret in the address."""

from django.urls import path

from coalition.views import feeds

app_name = "meeting_calendar"
urlpatterns = [path("<str:token>.ics", feeds.feed, name="feed")]
