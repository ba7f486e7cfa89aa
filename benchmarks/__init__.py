"""What is measured, how, and the last table (`last.txt`). `make benchmark` measures again; see `run.py`."""
