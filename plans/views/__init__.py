"""Pages of the plan: enter through the gate, call one function, render."""
