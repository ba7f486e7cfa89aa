"""Under `<slug>/preparedness/`."""

from django.urls import path

from preparedness import views

app_name = "preparedness"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("new/", views.add, name="add"),
    path("export.csv", views.export, name="export"),
    path("feeds/", views.open_feed, name="open_feed"),
    path("feeds/<int:pk>/revoke/", views.revoke_feed, name="revoke_feed"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
]
