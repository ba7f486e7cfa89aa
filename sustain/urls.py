"""Under `<slug>/sustain/`."""

from django.urls import path

from sustain.views import handover, reports, wins

app_name = "sustain"
urlpatterns = [
    path("", wins.sustain, name="sustain"),
    path("wins/", wins.log, name="wins"),
    path("wins/new/", wins.add, name="add_win"),
    path("wins/export.csv", wins.export, name="export"),
    path("wins/<int:pk>/", wins.edit, name="edit_win"),
    path("wins/<int:pk>/aside/", wins.aside, name="aside"),
    path("reports/new/", reports.begin, name="begin"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/preview/", reports.preview, name="preview_report"),
    path("reports/<int:pk>/days/", reports.days, name="days"),
    path("reports/<int:pk>/finish/", reports.finish, name="finish"),
    path("reports/<int:pk>/open/", reports.reopen, name="reopen"),
    path("reports/<int:pk>/report.pdf", reports.pdf, name="report_pdf"),
    path("reports/<int:pk>/report.docx", reports.docx, name="report_docx"),
    path("handover/", handover.note, name="handover"),
    path("handover/preview/", handover.preview, name="preview_handover"),
    path("handover/note.pdf", handover.pdf, name="handover_pdf"),
    path("handover/note.docx", handover.docx, name="handover_docx"),
]
