"""Under `<slug>/strategy/`."""

from django.urls import path

from strategy.views import actions, measures

app_name = "strategy"
urlpatterns = [
    path("", actions.strategy, name="strategy"),
    path("diagram/", actions.diagram, name="diagram"),
    path("<slug:kind>/export.csv", measures.export, name="export"),
    path("priorities/new/", actions.add_priority, name="add_priority"),
    path("priorities/<int:pk>/", actions.edit_priority, name="edit_priority"),
    path("actions/new/", actions.add_action, name="add_action"),
    path("actions/<int:pk>/", actions.action, name="action"),
    path("actions/<int:pk>/edit/", actions.edit_action, name="edit_action"),
    path("actions/<int:pk>/partners/", actions.partner, name="partner"),
    path("actions/<int:pk>/lines/", actions.add_items, name="add_items"),
    path("items/<int:pk>/", actions.item, name="item"),
    path("items/<int:pk>/measure/", measures.add_measure, name="add_measure"),
    path("measures/", measures.measures, name="measures"),
    path("measures/propose/", measures.propose, name="propose"),
    path("measures/<int:pk>/", measures.measure, name="measure"),
    path("measures/<int:pk>/edit/", measures.edit_measure, name="edit_measure"),
    path("progress/<int:pk>/", measures.edit_progress, name="edit_progress"),
    path("<slug:kind>/<int:pk>/aside/", actions.aside, name="aside"),
    path("<slug:kind>/<int:pk>/move/", actions.move, name="move"),
]
