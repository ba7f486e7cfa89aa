"""Under `<slug>/readiness/`."""

from django.urls import path

from readiness.views import assessment, comments, decision, evidence, exchange, history, memo, review, rounds, what_if

app_name = "readiness"
urlpatterns = [
    path("", assessment.overview, name="overview"),
    path("policy/", decision.policy, name="policy"),
    path("determination/", decision.determination, name="determination"),
    path("what-if/", what_if.page, name="what_if"),
    path("worksheet/", exchange.page, name="exchange"),
    path("worksheet/import/", exchange.preview, name="import"),
    path("worksheet/import/forget/", exchange.forget, name="import_forget"),
    path("worksheet/export.<slug:kind>", exchange.export, name="export"),
    path("history/", history.page, name="history"),
    path("history.csv", history.export, name="history_export"),
    path("review/", review.review, name="review"),
    path("rounds/<int:number>/memo.<slug:kind>", memo.memo, name="memo"),
    path("rounds/", rounds.page, name="rounds"),
    path("rounds/new/", decision.new_round, name="new_round"),
    path("rounds/<int:number>/", decision.past_round, name="round"),
    path("comments/", comments.overview, name="comments"),
    path("comments/<int:pk>/edit/", comments.edit, name="comment_edit"),
    path("comments/<str:key>/", comments.post, name="comment"),
    path("comments/<str:key>/resolve/", comments.resolve, name="resolve"),
    path("steps/<str:key>/", assessment.answer_step, name="step"),
    path("steps/<str:key>/evidence/", evidence.add, name="evidence"),
    path("evidence/<int:pk>/", evidence.download, name="evidence_file"),
    path("evidence/<int:pk>/verify/", evidence.verify, name="evidence_verify"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("<slug:key>/", assessment.condition, name="condition"),
    path("<slug:key>/question/", assessment.answer_question, name="question"),
    path("<slug:key>/judgement/", assessment.judge, name="judgement"),
]
