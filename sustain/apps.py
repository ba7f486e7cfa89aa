from django.apps import AppConfig


class SustainConfig(AppConfig):
    name = "sustain"
