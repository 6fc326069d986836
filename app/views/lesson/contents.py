"""The chapters in their order."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from app.texts import N_, _
from app.views.lesson.question import Question
from app.views.lesson.stage import Stage

KIND_NAMES = {"ae": N_("an AE"), "vae": N_("a VAE")}


@dataclass(frozen=True)
class Chapter:
    """A chapter of the lesson.

    Attributes:
        key: its name in the address.
        title: what it is called, in English.
        module: in `app.views.lesson.chapters`, with `render(stage)`, `question(stage)` and the
            glossary's `TERMS` that it uses. What a teacher needs of it stands in `guide.py`, by its key.
        needs: kinds of models without which it cannot be shown.
    """

    key: str
    title: str
    module: str
    needs: tuple[str, ...] = ()

    def render(self, stage: Stage) -> None:
        """Draw it; its module is imported when it is first looked at."""
        import_module(f"app.views.lesson.chapters.{self.module}").render(stage)

    def question(self, stage: Stage) -> Question | None:
        """What it asks before anything was chosen in it; None where these models give it nothing to ask."""
        module = import_module(f"app.views.lesson.chapters.{self.module}")
        return cast(Question | None, module.question(stage))

    def missing(self, stage: Stage) -> list[str]:
        """The kinds of models that it needs and that are not there, in words."""
        return [_(KIND_NAMES[kind]) for kind in self.needs if stage.of_kind(kind) is None]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the glossary that it uses."""
        return cast(tuple[str, ...], import_module(f"app.views.lesson.chapters.{self.module}").TERMS)


CHAPTERS = (
    Chapter("autoencoder", N_("What is an autoencoder?"), "autoencoder"),
    Chapter("dataset", N_("The dataset"), "dataset"),
    Chapter("training", N_("Building and training it"), "training"),
    Chapter("exploring", N_("Exploring the latent space"), "exploring"),
    Chapter("generating", N_("Generating images"), "generating", ("ae",)),
    Chapter("variational", N_("VAEs to the rescue"), "variational", ("vae",)),
    Chapter("reparametrisation", N_("The reparametrisation trick"), "reparametrisation", ("vae",)),
    Chapter("prior", N_("Why a normal prior?"), "normal_prior", ("vae",)),
    Chapter("learning", N_("Learning the prior"), "learning_prior", ("vae",)),
    Chapter("onward", N_("Where to go from here"), "onward"),
)
