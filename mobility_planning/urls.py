"""The address book. What belongs to a municipality stands under its slug and enters through its gate."""

from django.urls import include, path

from accounts.views import resume
from mobility_planning import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("resume/", resume, name="resume"),
    path("", include("municipalities.urls")),
    path("public/", include("plans.public_urls")),
    path("survey/", include("pulse.public_urls")),
    path("calendar/meetings/", include("coalition.public_urls")),
    path("calendar/", include("preparedness.public_urls")),
    path("<slug:slug>/", views.overview, name="overview"),
    path("<slug:slug>/tasks/", views.my_tasks, name="tasks"),
    path("<slug:slug>/readiness/", include("readiness.urls")),
    path("<slug:slug>/preparedness/", include("preparedness.urls")),
    path("<slug:slug>/findings/", include("findings.urls")),
    path("<slug:slug>/strategy/", include("strategy.urls")),
    path("<slug:slug>/launch/", include("launch.urls")),
    path("<slug:slug>/pulse/", include("pulse.urls")),
    path("<slug:slug>/readings/", include("readings.urls")),
    path("<slug:slug>/coalition/", include("coalition.urls")),
    path("<slug:slug>/plan/", include("plans.urls")),
    path("<slug:slug>/sustain/", include("sustain.urls")),
]
