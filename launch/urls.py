"""Under `<slug>/launch/`."""

from django.urls import path

from launch import views

app_name = "launch"
urlpatterns = [
    path("", views.page, name="kit"),
    path("facts/", views.facts, name="facts"),
    path("parts/<slug:key>/", views.part, name="part"),
    path("rounds/<int:number>/", views.past, name="round"),
    path("rounds/<int:number>/text/", views.text, name="text"),
    path("rounds/<int:number>/launch-kit.pdf", views.pdf, name="pdf"),
    path("rounds/<int:number>/launch-kit.docx", views.docx, name="docx"),
]
