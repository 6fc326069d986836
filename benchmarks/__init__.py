"""Speed and memory, measured. `python -m benchmarks` prints the tables of the README."""
