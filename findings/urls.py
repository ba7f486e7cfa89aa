"""Under `<slug>/findings/`."""

from django.urls import path

from findings import views

app_name = "findings"
urlpatterns = [
    path("<slug:kind>/", views.entries, name="entries"),
    path("<slug:kind>/new/", views.add, name="add"),
    path("<slug:kind>/export.csv", views.export, name="export"),
    path("<slug:kind>/<int:pk>/", views.edit, name="edit"),
    path("<slug:kind>/<int:pk>/aside/", views.aside, name="aside"),
]
