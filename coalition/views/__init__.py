"""Pages of the coalition: enter through the gate, call one function, render."""
