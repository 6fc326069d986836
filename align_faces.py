"""Find the faces in a folder of photos and cut them out as CelebA's pictures are, into a folder `aligned` in it.

python align_faces.py PHOTOS
python train.py --data PHOTOS --align ...    the same, before training

Whatever reads PHOTOS afterwards finds the aligned faces by itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from faces.folder import align_folder
from models.data.celeba import DataError
from models.data.data_error import spelled
from models.data.pictures import to_align


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 for bad input, 130 after Ctrl-C)."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("photos", help="folder of pictures")
    try:
        align_pictures(words.parse_args(arguments).photos)
    except DataError as error:
        print(f"align_faces.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The faces found so far are kept; the same command goes on from there.", file=sys.stderr)
        return 130
    return 0


def align_pictures(root: str | Path) -> None:
    """Cut the faces out of a folder's pictures into a folder `aligned` beside them; what is done already is kept.

    Raises:
        DataError: there are no pictures, or the folder cannot be written.
    """
    pictures, into = to_align(Path(root).expanduser())
    try:
        missed = align_folder(pictures, into)
    except OSError as error:
        raise DataError(
            f"the faces cannot be written to {spelled(into)} ({error.strerror}). Copy the pictures to a folder of "
            "your own, or free some room."
        ) from error
    print(f"{len(pictures) - len(missed)} of {len(pictures)} faces are in {spelled(into)}.", file=sys.stderr)
    for line in missed[:3]:
        print(f"Left out: {line}", file=sys.stderr)
    if len(missed) > 3:
        print(f"Left out as well: {len(missed) - 3} more, named in {spelled(into / 'aligned.json')}.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
