"""Under `<slug>/coalition/`."""

from django.urls import path

from coalition import views

app_name = "coalition"
urlpatterns = [
    path("", views.roster, name="roster"),
    path("new/", views.add, name="add"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("restore/<int:entry>/", views.restore, name="restore"),
]
