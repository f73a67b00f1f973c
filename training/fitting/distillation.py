"""Distillation: a network learns from a larger one, its teacher, that is trained beside it.

The teacher says of each example how much it looks like every class, which tells more than the one
right class does (Hinton, Vinyals and Dean 2015). Both see the same variations of the examples, and
start at the same time, so one run makes both; only the student is kept.
"""

from __future__ import annotations

import keras
from keras import layers, ops

# How much of the student's loss is the teacher's opinion, and the temperature that it is softened
# by, both as usual since Hinton et al.
_SHARE, _TEMPERATURE = 0.3, 2.0


def joined(student: keras.Model, teacher: keras.Model) -> keras.Model:
    """Both as one network to be trained.

    The input of each in; the student's logits, then the teacher's, (2 × classes,) out.
    """
    entry = keras.Input(student.input_shape[1:])
    logits = [student(entry), teacher(entry)]
    return keras.Model(entry, layers.Concatenate(dtype="float32")(logits), name="distillation")


def student_of(both: keras.Model, name: str) -> keras.Model:
    """The student of that name among networks that were `joined`."""
    return both.get_layer(name)


class DistillationLoss(keras.losses.Loss):  # type: ignore[misc]  # Keras comes without types
    """What the teacher's answers lack of the targets, and the student's of both."""

    def call(self, targets: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
        """targets (n, classes), logits (n, 2 × classes); the loss of each example (n,)."""
        own, taught = ops.split(logits, 2, axis=-1)
        soft = ops.softmax(ops.stop_gradient(taught) / _TEMPERATURE)
        # The square keeps the two parts' gradients in proportion, whatever the temperature.
        opinion = _cross_entropy(soft, own / _TEMPERATURE) * _TEMPERATURE**2
        return (
            _cross_entropy(targets, taught)
            + (1 - _SHARE) * _cross_entropy(targets, own)
            + _SHARE * opinion
        )


def _cross_entropy(targets: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    return ops.categorical_crossentropy(targets, logits, from_logits=True)
