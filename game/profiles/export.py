"""A profile's samples as a data set: strokes, MNIST's and EMNIST's files, or pictures."""

from __future__ import annotations

import csv
import io
import os
import shutil
import struct
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.jsonl import drawing_to_json
from models.ink.strokes import Drawing
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import CHARACTERS, folder_name, merged
from models.util.atomic_files import write_new_together
from models.util.errors import InputError, explain_os_error


def export(
    name: str, samples: Sequence[Drawing], kind: str, output: Path
) -> tuple[tuple[Path, ...], list[str]]:
    """Writes samples, all or none of them; what exists is never touched.

    name: of the profile, and of the files, with a number where that is taken.
    kind: "drawings", "idx" or "png".
    output: the folder to write into, made where it is missing.

    Returns the paths written, and the labels whose samples are left out. Raises InputError.
    """
    if not samples:
        raise InputError(
            f"{name} has no samples yet; `python -m game --profile {name} collect` makes some."
        )
    left_out: list[str] = []
    try:
        output.mkdir(parents=True, exist_ok=True)
        if kind == "drawings":
            lines = "".join(drawing_to_json(sample) + "\n" for sample in samples)
            written = write_new_together(output, name, {".jsonl": lines.encode()})
        elif kind == "idx":
            known, left_out = _by_class(samples)
            if not known:
                raise InputError(f"{name} has no samples of digits or letters; png takes others.")
            written = write_new_together(output, name, _idx_files(known))
        else:
            written = (_write_pictures(output, f"{name}-png", samples),)
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {explain_os_error(error)}.") from None
    return written, left_out


def idx(values: NDArray[np.uint8]) -> bytes:
    """An array of bytes as an IDX file: magic number, sizes as big-endian 32-bit, values."""
    return struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def _by_class(samples: Sequence[Drawing]) -> tuple[list[Drawing], list[str]]:
    """The samples of characters that networks know, and the labels of all others."""
    known = [sample for sample in samples if merged(sample.label or "") in CHARACTERS]
    labels = {sample.label or "" for sample in samples}
    return known, sorted(labels - {sample.label or "" for sample in known})


def _idx_files(samples: Sequence[Drawing]) -> dict[str, bytes]:
    """Images, labels, and the character of each label as EMNIST's mapping has it."""
    images = np.stack([_image(sample) for sample in samples])
    labels = [CHARACTERS.index(merged(sample.label or "")) for sample in samples]
    mapping = "".join(f"{index} {ord(label)}\n" for index, label in enumerate(CHARACTERS))
    return {
        "-images-idx3-ubyte": idx(images),
        "-labels-idx1-ubyte": idx(np.array(labels, dtype=np.uint8)),
        "-mapping.txt": mapping.encode(),
    }


def _image(sample: Drawing) -> NDArray[np.uint8]:
    """(28, 28), 0 for paper to 255 for ink."""
    return np.rint(strokes_to_image(sample.strokes) * 255).astype(np.uint8)


def _write_pictures(output: Path, name: str, samples: Sequence[Drawing]) -> Path:
    """A folder of pictures, filled under another name first, so that it is there whole or not."""
    draft = output / f".inkling-{os.urandom(8).hex()}.tmp"
    try:
        draft.mkdir()
        table = io.StringIO()
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(("file", "label", "id", "writer"))
        for number, sample in enumerate(samples, start=1):
            file = f"{folder_name(sample.label or '')}/{number:05}.png"
            path = draft / file
            path.parent.mkdir(exist_ok=True)
            _, png = cv2.imencode(".png", _image(sample))
            path.write_bytes(png.tobytes())
            rows.writerow((file, sample.label, sample.id, sample.writer))
        (draft / "labels.csv").write_text(table.getvalue(), encoding="utf-8", newline="")
        for number in count(1):
            target = output / (name if number == 1 else f"{name}-{number}")
            if not os.path.lexists(target):
                draft.rename(target)
                return target
        raise AssertionError("count() has no end")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
