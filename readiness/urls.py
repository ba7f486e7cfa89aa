"""Under `<slug>/readiness/`."""

from django.urls import path

from readiness import views

app_name = "readiness"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("policy/", views.policy, name="policy"),
    path("determination/", views.determination, name="determination"),
    path("rounds/", views.new_round, name="new_round"),
    path("rounds/<int:number>/", views.past_round, name="round"),
    path("steps/<str:key>/", views.answer_step, name="step"),
    path("<slug:key>/", views.condition, name="condition"),
    path("<slug:key>/question/", views.answer_question, name="question"),
    path("<slug:key>/judgement/", views.judge, name="judgement"),
]
