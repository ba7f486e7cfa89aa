"""Under `<slug>/plan/`."""

from django.urls import path

from plans.views import checks, comments, downloads, exports, pictures, plan, releases, revisions, section

app_name = "plans"
urlpatterns = [
    path("", plan.plan, name="plan"),
    path("export.pdf", downloads.pdf, name="pdf"),
    path("export.json", downloads.data, name="data"),
    path("releases/", releases.release_list, name="releases"),
    path("releases/<int:number>/withdraw/", releases.withdraw, name="withdraw"),
    path("feedback/<int:pk>/", releases.feedback, name="feedback"),
    path("export.docx", downloads.word, name="word"),
    path("brief.pdf", downloads.brief_pdf, name="brief_pdf"),
    path("brief.docx", downloads.brief_word, name="brief_word"),
    path("slides.pptx", downloads.slides, name="slides"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.file, name="export_file"),
    path("exports/<int:pk>/stop/", exports.stop, name="export_stop"),
    path("exports/<int:pk>/mail/", exports.mail, name="export_mail"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<int:pk>/take-back/", checks.take_back, name="take_back"),
    path("comments/", comments.overview, name="comments"),
    path("threads/<int:pk>/", comments.post, name="comment"),
    path("threads/<int:pk>/resolve/", comments.resolve, name="resolve"),
    path("comments/<int:pk>/edit/", comments.edit, name="comment_edit"),
    path("pictures/", pictures.pictures_page, name="pictures"),
    path("pictures/<int:pk>/", pictures.picture, name="picture"),
    path("pictures/<int:pk>/remove/", pictures.remove_picture, name="remove_picture"),
    path("<slug:key>/", section.section, name="section"),
    path("<slug:key>/status/", section.status, name="status"),
    path("<slug:key>/comment/", comments.begin, name="begin_comment"),
    path("<slug:key>/return/", section.send_back, name="return"),
    path("<slug:key>/preview/", section.preview, name="preview"),
    path("<slug:key>/revisions/", revisions.revisions, name="revisions"),
    path("<slug:key>/revisions/compare/", revisions.compare, name="compare"),
    path("<slug:key>/revisions/restore/", revisions.restore, name="restore"),
    path("<slug:key>/pictures/", pictures.add_picture, name="add_picture"),
]
