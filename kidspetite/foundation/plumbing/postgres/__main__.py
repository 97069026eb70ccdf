"""`python -m kidspetite.foundation.plumbing.postgres FOLDER` keeps the server of a folder until nobody uses it."""

import sys
from pathlib import Path

from kidspetite.foundation.plumbing.postgres.keeper import Keeper

if __name__ == "__main__":
    sys.exit(Keeper(Path(sys.argv[1])).run())
