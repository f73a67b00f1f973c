"""What each of several devices and processes gets of a batch."""

from __future__ import annotations

import keras

from training.fitting.batches import Batch, Batches


class ShardedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches cut to a multiple of the number of devices, or each batch's part for one process.

    What is left over is dropped, in an epoch's last batch alone: at most replicas - 1 examples,
    others in each epoch.
    """

    def __init__(self, batches: Batches, replicas: int, processes: int = 1, index: int = 0) -> None:
        """index: of the process whose part each batch is; `replicas` are devices of them all."""
        super().__init__(workers=1, use_multiprocessing=False)
        self._batches, self._replicas = batches, replicas
        self._processes, self._index = processes, index
        last = batches.items - (len(batches) - 1) * batches.batch_size
        self._length = len(batches) - (last < replicas)
        self.interrupted = False  # whether the next batch is to raise KeyboardInterrupt

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, batch: int) -> Batch:
        """As `Batches` gives it, of fewer examples."""
        if self.interrupted:
            raise KeyboardInterrupt
        images, targets, weights = self._batches[batch]
        each = len(images) // self._replicas * self._replicas // self._processes
        part = slice(self._index * each, (self._index + 1) * each)
        return images[part], targets[part], weights[part]
