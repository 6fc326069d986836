"""Door: `python -m app.beforehand` works out once what the first visitor of each page and chapter would wait for.

It draws each of them as Streamlit's tests do, and what they ask of a network is written beside the checkpoint
(`app.checkpoints.beforehand`). `make install` does so; the app runs without, too.
"""

from __future__ import annotations

import os
import sys

from streamlit.testing.v1 import AppTest

from app.checkpoints.beforehand import tidy, writing
from app.checkpoints.classifiers import readers
from app.checkpoints.for_browsers import prepare
from app.checkpoints.opening import open_all
from app.views.edit.found_directions import METHODS, look_for
from app.views.lesson.chapters import learning_prior
from app.views.lesson.contents import CHAPTERS
from app.warm_up import PAGES

MOST_SECONDS = 600


def draw_all() -> None:
    """Each page and each chapter once, as a first visitor without any file of their own sees it."""
    for model in open_all()[0].values():
        prepare(model)
    lesson = PAGES["lesson"]
    for page in sorted(set(PAGES.values()) - {lesson}):
        _draw(page)
    for chapter in CHAPTERS:
        _draw(lesson, chapter=chapter.key)
    for model in open_all()[0].values():  # what is the same for everybody, too, and is seen after a press only
        if model.atlas is None:
            continue
        learning_prior.judged(model)
        learning_prior.judged_priors(model)
        for method in METHODS if readers() else ():
            look_for(model, method, lambda share, doing: None)


def _draw(page: str, **params: str) -> None:
    run = AppTest.from_string(f"from app.views.{page} import render\nrender()\n", default_timeout=MOST_SECONDS)
    for name, value in params.items():
        run.query_params[name] = value
    run.run()
    for problem in run.exception:  # the page itself will say so; the others are drawn all the same
        print(f"{page} {params}: {problem.message}", file=sys.stderr)


def main() -> int:
    """Work it all out, unless it is there; exit code 2 with one sentence where it cannot be written."""
    # A first visitor has no pictures of their own, and none may lie beside a checkpoint.
    os.environ.pop("FACESPACE_CELEBA", None)
    try:
        with writing() as files:
            draw_all()
        tidy(files)
    except OSError as error:
        print(f"error: {error}. The app works without; chapters of the lesson open later.", file=sys.stderr)
        return 2
    print(f"What first visitors would wait for is worked out ({len(files)} files in checkpoints/).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
