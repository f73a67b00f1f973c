"""The older way, for comparison: TensorFlow imported, Keras `predict`, everything redrawn.

python -m tests.benchmarks.older MODEL first-frame | idle | one DRAWINGS

What pygame programs with a Keras model do: they import TensorFlow at the start, load the model,
draw every stroke in every frame, and call `predict` for each finished one. The network is
Inkling's own, so that only the way differs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With an OpenGL driver beside TensorFlow in one process, opening an X window may crash.
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")

SIZE = (960, 640)
PEN = 12


def main(model_path: str, mode: str, drawings_path: str = "") -> None:
    """Does one thing and prints its figures as JSON: milliseconds, or ready to be measured."""
    import cv2
    import numpy as np
    import pygame
    import tensorflow as tf

    started = time.perf_counter()
    model = tf.keras.models.load_model(model_path, compile=False)
    loaded = time.perf_counter() - started
    pygame.display.init()
    window = pygame.display.set_mode(SIZE)

    def frame(strokes: list[list[tuple[int, int]]]) -> None:
        window.fill((0, 0, 0))
        for stroke in strokes:
            pygame.draw.lines(window, (255, 255, 255), False, stroke, PEN)
            for point in stroke:
                pygame.draw.circle(window, (255, 255, 255), point, PEN // 2)
        pygame.display.flip()

    def read() -> None:
        grey = pygame.surfarray.array3d(window)[..., 0].T
        x, y, width, height = cv2.boundingRect(grey)
        digit = cv2.resize(grey[y : y + height, x : x + width], (28, 28))
        model.predict(digit[np.newaxis, ..., np.newaxis] / 255.0, verbose=0)

    frame([])
    if mode == "first-frame":
        print(json.dumps({"at": time.time()}), flush=True)
        os._exit(0)
    if mode == "idle":
        print(json.dumps({"ready": True}), flush=True)
        while True:
            pygame.event.get()
            frame([])
    image = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)
    model.predict(image, verbose=0)
    inference = [_timed(lambda: model.predict(image, verbose=0)) for _ in range(50)]
    answers = []
    for strokes in json.loads(Path(drawings_path).read_text()):
        begun = time.perf_counter()
        frame(strokes)
        read()
        frame(strokes)
        answers.append((time.perf_counter() - begun) * 1000)
    frames = {}
    rng = np.random.default_rng(0)
    for count in (1, 100, 1000):
        ink = [(rng.integers(20, 600, (40, 2))).tolist() for _ in range(count)]
        frames[count] = sorted(_timed(lambda ink=ink: frame(ink)) for _ in range(5))[2]
    print(
        json.dumps(
            {"load": loaded * 1000, "inference": inference, "answers": answers, "frames": frames}
        )
    )


def _timed(act) -> float:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
