"""Priorities, actions, logic model and measures as plain values, for their pages and for the plan's document."""

from strategy.queries.lines import ActionView, ItemView, MeasureView, PartView, PriorityView, Value
from strategy.queries.whole import Gap, Strategy, action_choices, partners_found, strategy

__all__ = [
    "ActionView",
    "Gap",
    "ItemView",
    "MeasureView",
    "PartView",
    "PriorityView",
    "Strategy",
    "Value",
    "action_choices",
    "partners_found",
    "strategy",
]
