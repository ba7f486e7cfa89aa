"""Pages of priorities, actions, the logic model and measures: enter through the gate, call one function, render."""
