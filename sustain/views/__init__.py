"""Pages of wins, reports and the handover note: enter through the gate, call one function, render."""
