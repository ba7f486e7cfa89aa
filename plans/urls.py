"""Under `<slug>/plan/`."""

from django.urls import path

from plans import downloads, release_views, revision_views, views

app_name = "plans"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("export.pdf", views.pdf, name="pdf"),
    path("export.json", views.data, name="data"),
    path("releases/", release_views.release_list, name="releases"),
    path("releases/<int:number>/withdraw/", release_views.withdraw, name="withdraw"),
    path("feedback/<int:pk>/", release_views.feedback, name="feedback"),
    path("export.docx", downloads.word, name="word"),
    path("brief.pdf", downloads.brief_pdf, name="brief_pdf"),
    path("brief.docx", downloads.brief_word, name="brief_word"),
    path("slides.pptx", downloads.slides, name="slides"),
    path("checks/", views.checks, name="checks"),
    path("checks/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("pictures/", views.pictures_page, name="pictures"),
    path("pictures/<int:pk>/", views.picture, name="picture"),
    path("pictures/<int:pk>/remove/", views.remove_picture, name="remove_picture"),
    path("<slug:key>/", views.section, name="section"),
    path("<slug:key>/status/", views.status, name="status"),
    path("<slug:key>/return/", views.send_back, name="return"),
    path("<slug:key>/preview/", views.preview, name="preview"),
    path("<slug:key>/revisions/", revision_views.revisions, name="revisions"),
    path("<slug:key>/revisions/compare/", revision_views.compare, name="compare"),
    path("<slug:key>/revisions/restore/", revision_views.restore, name="restore"),
    path("<slug:key>/pictures/", views.add_picture, name="add_picture"),
]
