"""A person's samples: what was kept comes back, whatever happens to the files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.adaptation.samples import Samples, new_id, profile_names, user_folder
from models.ink.jsonl import drawing_to_json, read_drawings
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError, StorageError
from tests.helpers.samples import samples

_ACTS = st.lists(
    st.one_of(
        st.just(("add", 0)),
        st.tuples(st.sampled_from(["take back", "put back"]), st.integers(0, 5)),
    ),
    max_size=12,
)


def _ids(kept: Samples) -> list[str]:
    drawings, warning = kept.read()
    assert warning is None
    return [drawing.id for drawing in drawings]


def test_samples_come_back_whole_with_writer_and_time(tmp_path: Path) -> None:
    kept = Samples(tmp_path / "Ada")
    assert kept.read() == ((), None)
    before = datetime.now().astimezone() - timedelta(seconds=1)
    for sample in samples()[:3]:
        kept.add(replace(sample, id="", writer=None))
    found, warning = kept.read()
    assert warning is None
    assert [each.label for each in found] == [each.label for each in samples()[:3]]
    assert [each.strokes for each in found] == [each.strokes for each in samples()[:3]]
    assert {each.writer for each in found} == {"Ada"} and len({each.id for each in found}) == 3
    for each in found:
        made = datetime.fromisoformat(str(each.extra["made"]))
        assert before < made < datetime.now().astimezone() + timedelta(seconds=1)
    assert list(read_drawings(tmp_path / "Ada" / "samples.jsonl")) == list(found)


def test_what_is_taken_back_can_be_put_back_in_its_place(tmp_path: Path) -> None:
    kept = Samples(tmp_path / "me")
    names = [new_id() for _ in range(3)]
    for name, sample in zip(names, samples(), strict=False):
        kept.add(replace(sample, id=name))
    kept.take_back(names[1])
    assert _ids(kept) == [names[0], names[2]]
    kept.take_back(names[1])
    kept.put_back(names[1])
    assert _ids(Samples(tmp_path / "me")) == names


@settings(max_examples=60)
@given(acts=_ACTS, data=st.data())
def test_a_crash_costs_no_more_than_the_line_that_was_being_written(
    acts: list[tuple[str, int]], data: st.DataObject
) -> None:
    """The last line of either file is cut at any byte, in between and at the end."""
    drawn = [Drawing(tuple(s.strokes[:1]), label=s.label) for s in samples()[:3]]
    with tempfile.TemporaryDirectory() as folder:
        kept = Samples(Path(folder) / "me")
        made: list[str] = []
        taken: dict[str, bool] = {}  # whether each id is taken back
        for act, number in acts:
            which = "samples.jsonl" if act == "add" else "taken-back.txt"
            # Ids of which one is the beginning of another, so that half of one is not the other.
            name = "a" * (len(made) + 1 if act == "add" else number)
            if act == "add":
                kept.add(replace(drawn[len(made) % 3], id=name))
                made.append(name)
            elif act == "take back":
                kept.take_back(name)
            else:
                kept.put_back(name)
            path = Path(folder) / "me" / which
            content = path.read_bytes()
            last = content[:-1].rpartition(b"\n")[2] + b"\n"
            lost = data.draw(st.integers(0, len(last)), label="bytes lost")
            path.write_bytes(content[: len(content) - lost])
            if act == "add" and lost > 1:  # without its end alone it is whole
                made.pop()
            elif act != "add" and lost == 0:
                taken[name] = act == "take back"
            assert _ids(kept) == [one for one in made if not taken.get(one)]


_WRITES = """
import sys
from dataclasses import replace
from pathlib import Path
from models.adaptation.samples import Samples, new_id
from tests.helpers.samples import samples
kept = Samples(Path(sys.argv[1]) / "me")
print("writing", flush=True)
for _ in range(int(sys.argv[2])):
    name = new_id()
    kept.add(replace(samples()[0], id=name))
    print(name, flush=True)
"""


def _writing(folder: Path, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITES, str(folder), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_was_kept_survives_a_kill(tmp_path: Path) -> None:
    names: list[str] = []
    for _ in range(3):
        with _writing(tmp_path, 10_000) as process:
            assert process.stdout is not None and process.stdout.readline() == "writing\n"
            names += [process.stdout.readline().strip() for _ in range(5)]
            process.kill()
            names += [line.strip() for line in process.stdout if line.endswith("\n")]
        found = _ids(Samples(tmp_path / "me"))
        assert set(names) <= set(found) and len(found) <= len(names) + 3
    Samples(tmp_path / "me").add(samples()[0])
    assert len(_ids(Samples(tmp_path / "me"))) == len(found) + 1


def test_two_windows_write_into_one_profile(tmp_path: Path) -> None:
    with _writing(tmp_path, 20) as one, _writing(tmp_path, 20) as other:
        ids = [process.communicate(timeout=60)[0].split()[1:] for process in (one, other)]
    assert sorted(_ids(Samples(tmp_path / "me"))) == sorted(ids[0] + ids[1])
    assert len(ids[0] + ids[1]) == 40


def test_a_damaged_line_costs_no_other_and_is_reported(tmp_path: Path) -> None:
    kept = Samples(tmp_path / "me")
    for sample in samples()[:3]:
        kept.add(sample)
    path = tmp_path / "me" / "samples.jsonl"
    lines = path.read_bytes().splitlines()
    lines[1] = lines[1][:-9] + b"\xff\x00"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n")
    found, warning = kept.read()
    assert [each.label for each in found] == [samples()[0].label, samples()[2].label]
    assert warning is not None and f"{path}, line 2" in warning and "\n" not in warning
    kept.add(samples()[3])
    assert len(kept.read()[0]) == 3


@pytest.mark.parametrize("label", [None, "", "12", "\n", " ", "\ud800"])
def test_what_could_not_be_read_again_is_not_kept(tmp_path: Path, label: str | None) -> None:
    kept = Samples(tmp_path / "me")
    with pytest.raises(StorageError, match=r"^[^\n]*not kept[^\n]*$"):
        kept.add(replace(samples()[0], label=label))
    far = Stroke([[0.0, 1e9]])  # type: ignore[arg-type]
    for strokes in ((), (far,)):
        with pytest.raises(StorageError):
            kept.add(Drawing(strokes, label="7"))
    kept.add(replace(samples()[0], id="a\nb"))  # JSON escapes it
    with pytest.raises(StorageError):
        kept.take_back("a\nb")
    assert len(kept.read()[0]) == 1


def test_errors_are_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file in the folder's place")
    (tmp_path / "odd" / "samples.jsonl").mkdir(parents=True)
    for folder in (None, tmp_path / "file", tmp_path / "odd"):
        with pytest.raises(StorageError, match=r"^Your ink is not kept[^\n]*$"):
            Samples(folder).add(samples()[0])
    with pytest.raises(InputError, match=r"samples\.jsonl"):
        Samples(tmp_path / "odd").read()


def test_names_of_profiles(tmp_path: Path) -> None:
    assert profile_names(tmp_path / "none") == ()
    for name in ("Zoe", "Ada"):
        Samples(tmp_path / name).add(samples()[0])
    (tmp_path / "stray.txt").touch()
    assert profile_names(tmp_path) == ("Ada", "Zoe")


def test_the_writer_of_a_sample_is_whose_folder_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "Ben").mkdir()
    line = drawing_to_json(replace(samples()[0], writer="somebody"))
    (tmp_path / "Ben" / "samples.jsonl").write_text(line)  # as an editor leaves it
    (found,), warning = Samples(tmp_path / "Ben").read()
    assert (found.writer, warning) == ("Ben", None)


def test_the_players_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INKLING_DATA_DIR", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.setenv("INKLING_DATA_DIR", "")
    folder = user_folder()
    assert folder is None or (folder.is_absolute() and "inkling" in str(folder).lower())


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the home comes from elsewhere")
def test_a_user_without_a_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATA_DIR", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "")
    folder = user_folder()
    assert folder is None or folder.is_absolute()
