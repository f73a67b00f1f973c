"""The rehearsal: a thousand examples by many people, which adapting must not change.

`NAME.rehearsal.npz` beside the network: `features` (n, d) and raw `logits` (n, classes) as 16-bit
floats, `labels` (n,) class numbers, `sha256` of the export that they were computed with. No image
and no drawing can be made from it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.adaptation.adapter import LabelledFeatures
from models.recognition.card import FOLDER, Card
from models.recognition.network import calibrated_logits
from models.util.errors import InputError, explain_os_error


def rehearsal_file(name: str, folder: Path = FOLDER) -> Path:
    """Where the rehearsal of the network of that name lies."""
    return folder / f"{name}.rehearsal.npz"


def load_rehearsal(card: Card, folder: Path = FOLDER) -> LabelledFeatures:
    """The examples that go with a network.

    Raises InputError, one line that says what to do, where they are missing or damaged, or belong
    to another network.
    """
    path = rehearsal_file(card.name, folder)
    remedy = f"run `python -m training rehearsal --model {card.name}`"
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {key: file[key] for key in ("features", "logits", "labels", "sha256")}
        seen = LabelledFeatures(
            found["features"].astype(np.float64),
            found["logits"].astype(np.float64),
            found["labels"].astype(np.int64),
        )
        known = str(found["sha256"]) == card.sha256
        shapes = (seen.features.ndim, seen.logits.shape, seen.labels.shape)
        sound = shapes == (2, (len(seen), len(card.labels)), (len(seen.features),))
        sound = sound and bool((seen.labels < len(card.labels)).all())
        if sound:
            seen = replace(seen, logits=calibrated_logits(seen.logits, card))
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}; {remedy}.") from None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        known = sound = False
    if not (known and sound):
        raise InputError(f"{path}: damaged, or of another network than {card.name}; {remedy}.")
    return seen


def rehearsal_bytes(seen: LabelledFeatures, card: Card) -> bytes:
    """The file's content. seen: with raw logits, which do not depend on the card's calibration."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        features=seen.features.astype(np.float16),
        logits=seen.logits.astype(np.float16),
        labels=seen.labels.astype(np.uint8),
        sha256=np.array(card.sha256),
    )
    return content.getvalue()
