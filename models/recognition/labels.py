"""The labels of characters: the ten digits, and EMNIST's 47 merged classes.

Fifteen small letters look like their capitals where there is no line to stand on; EMNIST merges
them (Cohen, Afshar, Tapson and van Schaik 2017, "EMNIST: an extension of MNIST to handwritten
letters", arXiv 1702.05373: the sets "By_Merge" and "Balanced").
"""

from __future__ import annotations

from string import ascii_letters, ascii_lowercase, ascii_uppercase

DIGITS = tuple("0123456789")
# In the order of EMNIST Balanced, whose classes are numbered so.
CHARACTERS = (*DIGITS, *ascii_uppercase, *"abdefghnqrt")
# Groups of characters that many writers draw alike: alone on a canvas they cannot be told apart.
LOOKALIKES = ("0O", "1IL", "2Z", "5S", "8B", "9gq")


def merged(text: str) -> str:
    """The class of a character: "C" for "c", but "a" for "a"; any other text as it is."""
    return text.upper() if len(text) == 1 and text in "cijklmopsuvwxyz" else text


def lookalike(label: str) -> str:
    """The first of the look-alikes that a class belongs to: "0" for "O"; else the class itself."""
    return next((group[0] for group in LOOKALIKES if label in group), label)


# Letters that may look like a digit: no outliers where digits are read.
DIGIT_LIKE = frozenset(each for each in ascii_letters if lookalike(merged(each)) in DIGITS)
DIGIT_LIKE |= frozenset("bDGJQ")

_SMALL = "-small"  # at the end of a folder's name: A and a may be one folder


def folder_name(label: str) -> str:
    """The name of a folder of pictures of one character, on any system: "A", "a-small", "7".

    Any character but digits and Latin letters has its code point: "U+00E4".
    """
    if label in DIGITS or label in ascii_uppercase:
        return label
    return f"{label}{_SMALL}" if label in ascii_lowercase else f"U+{ord(label):04X}"


def label_of_folder(name: str) -> str:
    """The character of a folder of pictures, "a" for "a-small"; any other name as it is."""
    return name.removesuffix(_SMALL)
