"""`python -m kidspetite.foundation.plumbing.postgres FOLDER PROFILE` keeps a folder's server until nobody uses it."""

import sys
from pathlib import Path

from kidspetite.foundation.plumbing.postgres.keeper import Keeper

if __name__ == "__main__":
    sys.exit(Keeper(Path(sys.argv[1]), sys.argv[2]).run())
