"""What another version of the program reads otherwise, by cause.

python -m game read FILE… --json > BEFORE.jsonl        # with the version before
python -m tests.benchmarks.readings BEFORE.jsonl FILE… [--characters] [--show]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from game.batch.read import picture_reader, read_results
from models.recognition.answer import Reading
from models.recognition.network import load_network
from models.recognition.reader import Reader


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.readings", description=__doc__
    )
    parser.add_argument("before", type=Path, help="what `read --json` gave for the same files")
    parser.add_argument("files", nargs="+", type=Path, help="drawings or pictures, in that order")
    parser.add_argument("--characters", action="store_true", help="with the network of letters")
    parser.add_argument("--show", action="store_true", help="each text that differs")
    options = parser.parse_args()
    reader = Reader(load_network("characters" if options.characters else "digits"))
    counts: Counter[str] = Counter()
    with options.before.open(encoding="utf-8") as before:
        for path in options.files:
            for result in read_results(path, reader, picture_reader(reader, as_numbers=False)):
                old, new = json.loads(next(before)), json.loads(result.to_json())
                counts["read"] += 1
                if old == new:
                    counts["the same in all figures"] += 1
                    continue
                cause = cause_of(result.reading)
                same = old["text"] == new["text"]
                counts[f"{'same text, other figures' if same else 'other text'}: {cause}"] += 1
                right = [each["text"] == each.get("label") for each in (old, new)]
                if not same and right[0] != right[1]:
                    counts[f"{'right' if right[1] else 'wrong'} only now: {cause}"] += 1
                if options.show and not same:
                    print(
                        f"{new['id']}\t{new.get('label')}\t{old['text']!r}\t{new['text']!r}\t{cause}"
                    )
    for name, count in counts.items():
        print(f"{count:8,}  {name}")
    return 0


def cause_of(reading: Reading) -> str:
    """Why a reading may differ from that of a version that knows no specks and no sketches."""
    if reading.specks:
        return "specks"
    return "sketches" if any(answer.sketch for answer in reading.answers) else "search"


if __name__ == "__main__":
    sys.exit(main())
