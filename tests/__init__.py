"""Tests mirror the tree; `tests/browser` drives the app as a whole."""

import os

# Before anything loads numpy: its threads gain nothing on tiny arrays, and threads that wait for each other in a busy
# loop starve whatever else runs here. Servers and other processes that tests start inherit it.
os.environ["OMP_NUM_THREADS"] = "1"
