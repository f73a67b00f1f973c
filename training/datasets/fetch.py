"""Finds the files of the data sets: in the user's folder, in the cache, else at the publisher's.

A download goes to a temporary folder beside its place, and is moved there only when it is whole
and its content has been checked, so that a file in the cache is always a good one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests

from models.util.errors import InputError
from training.folders import own_folder

CACHE = own_folder("data")
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Published:
    """A data set's file as its publisher offers it, and how to find and check it.

    name: the set's. url: where the publisher has the file. file: where it lies below a data
    folder. instead: other files that do as well, in words, or "". sha256: its checksum where the
    publisher or a well-known user of it states one. find: the path of the set below a data
    folder, or None. check: raises InputError unless the set can be read whole from a path.
    """

    name: str
    url: str
    file: str
    instead: str
    sha256: str | None
    find: Callable[[Path], Path | None]
    check: Callable[[Path], object]


def data_folder(data_dir: Path | None) -> Path | None:
    """The folder that the user names: `data_dir`, else the environment variable DATA_DIR.

    None where neither is given. Raises InputError when it is not a folder.
    """
    named = data_dir or (Path(os.environ["DATA_DIR"]) if os.environ.get("DATA_DIR") else None)
    if named is not None and not named.is_dir():
        raise InputError(f"{named}: no such folder; --data-dir and DATA_DIR name one with the data")
    return named


def locate(sets: Sequence[Published], data_dir: Path | None = None) -> list[Path]:
    """One path for each of `sets`, fetched from its publisher where it is not on the disk.

    Raises InputError, naming every file that is missing, where it comes from and where to put
    it, when one is neither on the disk nor to be had.
    """
    named = data_folder(data_dir)
    folders = [CACHE] if named is None else [named, CACHE]
    found = [next(filter(None, map(one.find, folders)), None) for one in sets]
    reasons: dict[str, str] = {}
    for index, one in enumerate(sets):
        if found[index] is None:
            try:
                found[index] = fetch(one)
            except InputError as error:
                reasons[one.name] = str(error)
    if reasons:
        raise InputError(_missing([one for one in sets if one.name in reasons], reasons, named))
    return [path for path in found if path is not None]


def fetch(one: Published) -> Path:
    """Downloads `one` into the cache, with a progress bar, and returns its path there.

    Raises InputError, saying why, when it cannot be had whole; nothing of it is kept then.
    """
    target = CACHE / one.file
    print(f"Fetching {one.name} from {one.url}", file=sys.stderr)
    scratch: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.mkdtemp(prefix=".fetching-", dir=target.parent)
        download = _download(one, Path(scratch), target.name)
        _check(one, download)
        download.replace(target)
    except requests.exceptions.RequestException as error:
        raise InputError(_why(error)) from error
    except OSError as error:
        raise InputError(f"cannot be written to {target}: {error.strerror or error}") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
    return target


def _download(one: Published, folder: Path, name: str) -> Path:
    pooch.get_logger().setLevel("ERROR")  # it would report each temporary path
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT_SECONDS)
    known = f"sha256:{one.sha256}" if one.sha256 else None
    try:
        return Path(pooch.retrieve(one.url, known, name, folder, downloader=downloader))
    except ValueError as error:
        if isinstance(error, requests.exceptions.RequestException):
            raise
        raise InputError("what came has another checksum, so it was not kept") from error


def _check(one: Published, download: Path) -> None:
    try:
        one.check(download)
    except InputError as error:
        fault = str(error).replace(str(download), download.name)
        raise InputError(f"what came is damaged, so it was not kept: {fault}") from error


def _why(error: requests.exceptions.RequestException) -> str:
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return f"the publisher answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer within {TIMEOUT_SECONDS} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the download was cut short, so it was not kept"
    return "no connection"


def _missing(sets: Sequence[Published], reasons: dict[str, str], named: Path | None) -> str:
    lines = ["data is missing and could not be fetched:"]
    for one in sets:
        lines += [
            f"  {one.name}: {Path(one.file).name} ({reasons[one.name]})",
            f"    from {one.url}",
            f"    put it at {(named or CACHE) / one.file}",
        ]
        if one.instead:
            lines.append(f"    or have {one.instead}")
    if named is None:
        lines.append("  or name a folder that has them: --data-dir FOLDER, or DATA_DIR=FOLDER")
    return "\n".join(lines)
