"""Under `survey/`: what needs no sign-in, only the secret in the address."""

from django.urls import path

from pulse import public_views

app_name = "survey"
urlpatterns = [
    path("thanks/", public_views.thanks, name="thanks"),
    path("<str:token>/", public_views.answer, name="answer"),
]
