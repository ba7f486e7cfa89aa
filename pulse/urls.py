"""Under `<slug>/pulse/`."""

from django.urls import path

from pulse import views

app_name = "pulse"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("open/", views.open_survey, name="open"),
    path("<int:pk>/", views.results, name="results"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/export.csv", views.export, name="export"),
]
