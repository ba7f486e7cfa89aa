"""A municipality's settings, under its slug, and the way in for whoever is invited."""

from django.urls import path

from municipalities import views

app_name = "municipalities"
urlpatterns = [
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("<slug:slug>/settings/", views.settings, name="settings"),
    path("<slug:slug>/settings/municipality/", views.details, name="details"),
    path("<slug:slug>/settings/members/<int:pk>/", views.member, name="member"),
    path("<slug:slug>/settings/members/<int:pk>/remove/", views.remove, name="remove"),
    path("<slug:slug>/settings/invitations/", views.invite, name="invite"),
    path("<slug:slug>/settings/invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
