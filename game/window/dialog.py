"""The file dialog for opening a drawing: `python -m game.window.dialog` in a process of its own.

Tk and SDL in one process crash on macOS; and the window goes on while the dialog is open.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models.util.errors import InklingError

_NO_TKINTER = 3  # exit status


class Dialog:
    """One dialog at a time. It is no layer over the page, which goes on meanwhile."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_open(self) -> bool:
        return self._process is not None

    def open(self, folder: Path) -> None:
        """Shows the dialog, if none is open yet, with the files of a folder."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "game.window.dialog", str(folder.absolute())],
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )

    def answer(self) -> Path | None:
        """The file that was chosen; None while the dialog is open and when none was chosen.

        Raises InklingError where this Python cannot show a dialog.
        """
        if self._process is None or self._process.poll() is None:
            return None
        process, self._process = self._process, None
        chosen = process.communicate()[0]
        if process.returncode == _NO_TKINTER:
            raise InklingError("This Python has no file dialog (tkinter).")
        return Path(chosen) if chosen and process.returncode == 0 else None

    def close(self) -> None:
        """Ends an open dialog."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None


def ask(folder: str) -> int:
    try:
        import tkinter
        from tkinter.filedialog import askopenfilename

        root = tkinter.Tk()
    except (ImportError, RuntimeError):
        return _NO_TKINTER
    except Exception as error:
        # TclError, whose class cannot be named where tkinter is missing: no display for Tk.
        if type(error).__name__ == "TclError":
            return _NO_TKINTER
        raise
    root.withdraw()
    root.attributes("-topmost", True)
    chosen = askopenfilename(
        title="Open a drawing",
        initialdir=folder if Path(folder).is_dir() else str(Path.home()),
        filetypes=[
            ("Drawings", "*.inkml *.jsonl *.gz *.xml"),
            ("Pictures of a number", "*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp"),
            ("All files", "*"),
        ],
    )
    root.destroy()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(chosen or "")
    return 0


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1]))
