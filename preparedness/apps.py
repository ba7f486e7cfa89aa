from django.apps import AppConfig


class PreparednessConfig(AppConfig):
    name = "preparedness"
