"""What the folder of `make app` starts: the commands of `python -m game`."""

import sys

if __name__ == "__main__":
    if sys.argv[1:3] == ["-m", "game.window.dialog"]:  # the window starts its file dialog so
        from game.window.dialog import ask

        sys.exit(ask(sys.argv[3]))
    from game.__main__ import main

    sys.exit(main())
