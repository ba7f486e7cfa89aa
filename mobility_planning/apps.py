from django.apps import AppConfig


class MobilityPlanningConfig(AppConfig):
    name = "mobility_planning"
