"""Under `public/`: the plans that are published, for everybody."""

from django.urls import path

from plans.views import public as views

app_name = "published"
urlpatterns = [
    path("plan.schema.json", views.schema, name="schema"),
    path("<slug:slug>/", views.newest, name="newest"),
    path("<slug:slug>/<int:number>/", views.release, name="release"),
    path("<slug:slug>/<int:number>/plan.pdf", views.pdf, name="pdf"),
    path("<slug:slug>/<int:number>/plan.json", views.data, name="data"),
    path("<slug:slug>/<int:number>/pictures/<int:pk>/", views.picture, name="picture"),
]
