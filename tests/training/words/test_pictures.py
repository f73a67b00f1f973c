"""Words in pictures: what is known of words decides between segmentations of their ink."""

from __future__ import annotations

import numpy as np

from models.pictures.characters import characters_in
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.language_model import load_language
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.weights import load_weights
from tests.helpers.data import data_dir
from tests.helpers.number_pictures import number_picture
from training.evaluation.words import count_word_matches, read_sample
from training.segmentation.grouping import classifier_of
from training.words.samples import letters_by_writer, random_words


def test_characters_know_what_else_their_ink_may_be() -> None:
    network = load_network("characters")
    weights = load_weights(network.card.name, network.labels, kind="pictures")
    ink = ink_of(number_picture("38", gap=-0.1))
    found = characters_in(ink, classifier_of(network, picture_to_image), weights)
    assert len(found) == 2
    for each in found:
        assert each.segmentation is not None
        options = each.segmentation.options
        best = [own for own in options if own.candidate in each.segmentation.found]
        assert len(best) == len(each.segmentation.found) < len(options)
        every = (1 << max(own.mask for own in options).bit_length()) - 1
        assert sum(own.mask for own in best) == every, "the best cover all ink, each once"


def test_held_out_peoples_words_in_pictures_are_read() -> None:
    network = load_network("characters")
    people = letters_by_writer(network, data_dir("strokes"), "report")
    reader, rng = Reader(network), np.random.default_rng(4)
    samples = random_words(people, load_language(), "words", 60, rng)
    found = count_word_matches(
        [(each, read_sample(reader, each, "pictures", rng)) for each in samples]
    )
    assert found.best >= 40
    assert found.wrong <= 0.06 * found.letters
