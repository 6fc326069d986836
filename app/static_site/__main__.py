"""Door: `python -m app.static_site OUT` writes the explorer as a folder of files that needs no server of ours.

python -m http.server --directory OUT     serves it; so does any static host, also in a subfolder
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.texts import LANGUAGES, SOURCE, speaking


def main(arguments: list[str] | None = None) -> int:
    """Write the explorer as a folder of files; exit code 2 with one sentence where that fails."""
    parser = argparse.ArgumentParser(prog="python -m app.static_site", description=main.__doc__)
    parser.add_argument("out", type=Path, help="the folder to write; an earlier one is replaced")
    parser.add_argument("--model", default="vae", help="name of the checkpoint, which needs a map (default: vae)")
    parser.add_argument("--language", choices=LANGUAGES, default=SOURCE, help=f"of the pages (default: {SOURCE})")
    parser.add_argument(
        "--chapters", nargs="*", metavar="CHAPTER", help="of the lesson, such as autoencoder (default: all of them)"
    )
    options = parser.parse_args(arguments)
    # Nothing of the viewer's own pictures, such as their labels, may get into what others will read.
    os.environ.pop("FACESPACE_CELEBA", None)

    from app.checkpoints.discovery import find_checkpoints  # late: --help need not wait for it
    from app.checkpoints.opening import open_model
    from app.static_site.content import explore
    from app.static_site.folder import check_place, write_site
    from app.static_site.lesson.chapter_pages import chapter_pages
    from app.static_site.lesson.teachers import teacher_pages
    from app.static_site.problem import SiteError
    from app.views.lesson.contents import CHAPTERS
    from models.checkpoint_files import CheckpointError

    known = [chapter.key for chapter in CHAPTERS]
    chapters = known if options.chapters is None else options.chapters
    if unknown := [key for key in chapters if key not in known]:
        return _failed(f"the lesson has no chapter {unknown[0]}. It has: {', '.join(known)}.")

    found, _ = find_checkpoints()
    if options.model not in found:
        return _failed(f"there is no model {options.model}. There are: {', '.join(found)}.")
    try:
        model = open_model(found[options.model])
        if model.atlas is None:
            return _failed(f"{options.model} has no map. {model.atlas_problem}")
        with speaking(options.language):
            check_place(options.out)
            content = explore(model)
            drawn = [*chapter_pages(chapters, content, print)]
            print("Working out the worksheet and the speaker's notes ...")
            there = [one.key for one in drawn]
            written = write_site(content, options.out, drawn, [*teacher_pages(there)] if there else ())
    except (CheckpointError, SiteError, OSError) as error:
        return _failed(str(error))
    megabytes = [f"{size / 1e6:.1f} MB" for size in (written.total, written.later)]
    print(f"{len(written.sizes)} files, {megabytes[0]} ({megabytes[1]} of it only on request), in {options.out}.")
    print(f"Look at it: python -m http.server --directory {options.out}, then http://localhost:8000")
    return 0


def _failed(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
