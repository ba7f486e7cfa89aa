"""Under `<slug>/coalition/`."""

from django.urls import path

from coalition.views import exchange, good_partner, letter, partners, people, roster

app_name = "coalition"
urlpatterns = [
    path("", roster.roster, name="roster"),
    path("new/", partners.add, name="add"),
    path("restore/<int:entry>/", partners.restore, name="restore"),
    path("partners/<int:pk>/", partners.partner, name="partner"),
    path("partners/<int:pk>/edit/", partners.edit, name="edit"),
    path("partners/<int:pk>/request/", partners.ask, name="request"),
    path("partners/<int:pk>/status/", partners.move, name="move"),
    path("partners/<int:pk>/remove/", partners.remove, name="remove"),
    path("partners/<int:pk>/contacts/", partners.log, name="log"),
    path("partners/<int:pk>/people/new/", people.add_person, name="add_person"),
    path("contacts/<int:pk>/remove/", partners.remove_contact, name="remove_contact"),
    path("partners/<int:pk>/letter/", letter.page, name="letter"),
    path("partners/<int:pk>/letter.<str:kind>", letter.download, name="letter_file"),
    path("good-partner/", good_partner.overall, name="good_partner"),
    path("partners/<int:pk>/good-partner/", good_partner.towards, name="good_partner_to"),
    path("files/", exchange.exchange, name="exchange"),
    path("files/coalition.<str:kind>", exchange.export, name="export"),
    path("files/empty.csv", exchange.template, name="template"),
    path("imports/<int:pk>/", exchange.match, name="columns"),
    path("imports/<int:pk>/preview/", exchange.preview, name="preview"),
    path("imports/<int:pk>/progress/", exchange.progress, name="progress"),
    path("imports/<int:pk>/stop/", exchange.stop, name="stop"),
    path("imports/<int:pk>/forget/", exchange.forget, name="forget"),
    path("people/", roster.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/remove/", people.remove_person, name="remove_person"),
]
