"""All that is needed to use a network: ink in, answers out. Imports neither game nor training."""

import os

__version__ = "0.1.0"  # the one place; the newest numbered one of CHANGELOG.md

# OpenCV asks for it when it is loaded: larger pictures are refused before they take any memory.
MOST_PIXELS = 100_000_000
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MOST_PIXELS)
# NumPy asks for it when it is loaded: the matrices here are small, and on a busy machine threads
# wait for each other, a few milliseconds of work for half a second.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
