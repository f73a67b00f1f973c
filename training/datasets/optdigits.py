"""scikit-learn's 1,797 real digits of 8x8 pixels: the set that needs no download.

They are the test part of UCI's "Optical Recognition of Handwritten Digits" (Alpaydin, Kaynak,
1998; CC BY 4.0), written by 13 people; the writer of each is not known.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.preprocessing.mnist_form import picture_to_image

DARKEST = 16  # a pixel counts the dark ones in a block of 4x4
ENLARGED = 64  # pixels, so that the recipe finds edges finer than the original's pixels


def read_optdigits() -> tuple[NDArray[np.uint8], list[str]]:
    """Images (1797, 28, 28) uint8 as the 28x28 recipe makes them, 0 = paper, and their labels."""
    from sklearn.datasets import load_digits  # takes a second to import, so only where needed

    digits = load_digits()
    images = np.stack([_recipe(image) for image in digits.images])
    return images, [str(label) for label in digits.target]


def _recipe(image: NDArray[np.float64]) -> NDArray[np.uint8]:
    grey = (image * (255 / DARKEST)).astype(np.float32)
    large = cv2.resize(grey, (ENLARGED, ENLARGED), interpolation=cv2.INTER_CUBIC)
    ink = np.pad(np.clip(large, 0, 255).astype(np.uint8), ENLARGED // 8)
    return np.rint(picture_to_image(ink) * 255).astype(np.uint8)
