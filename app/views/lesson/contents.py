"""The chapters in their order."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from app.views.lesson.stage import Stage


@dataclass(frozen=True)
class Chapter:
    """A chapter of the lesson.

    Attributes:
        key: its name in the address.
        title: what it is called.
        module: in `app.views.lesson.chapters`, with `render(stage)` and the glossary's `TERMS` that it uses.
        needs: kinds of models without which it cannot be shown.
    """

    key: str
    title: str
    module: str
    needs: tuple[str, ...] = ()

    def render(self, stage: Stage) -> None:
        """Draw it; its module is imported when it is first looked at."""
        import_module(f"app.views.lesson.chapters.{self.module}").render(stage)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the glossary that it uses."""
        return cast(tuple[str, ...], import_module(f"app.views.lesson.chapters.{self.module}").TERMS)


CHAPTERS = (
    Chapter("autoencoder", "What is an autoencoder?", "autoencoder"),
    Chapter("dataset", "The dataset", "dataset"),
    Chapter("training", "Building and training it", "training"),
    Chapter("exploring", "Exploring the latent space", "exploring"),
    Chapter("generating", "Generating images", "generating", ("ae",)),
    Chapter("variational", "VAEs to the rescue", "variational", ("vae",)),
    Chapter("reparametrisation", "The reparametrisation trick", "reparametrisation", ("vae",)),
    Chapter("prior", "Why a normal prior?", "normal_prior", ("vae",)),
    Chapter("onward", "Where to go from here", "onward"),
)
