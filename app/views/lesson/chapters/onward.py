"""Chapter: where to go from here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.texts import N_, _
from app.views.lesson.question import QUESTION_WIDTH, Question, predict
from app.views.lesson.stage import Stage

TERMS = ("variational autoencoder (VAE)", "autoencoder (AE)", "beta", "prior", "posterior", "latent", "decoder")


@dataclass(frozen=True)
class Note:
    """One road that leads on.

    Attributes:
        name: of the method.
        seen: what of it the class has met, and the chapter (its key) that showed it.
        idea: what it does about that.
        reference: where to read on.
    """

    name: str
    seen: str
    chapter: str
    idea: str
    reference: str


NOTES = {
    "beta": Note(
        "beta-VAE",
        N_("Distortion and KL pull against each other, and one number weighs them."),
        "variational",
        N_(
            "Turn that weight up: fewer dimensions are used, and each is more likely to stand for one thing. It costs "
            "sharpness."
        ),
        "Higgins et al. 2017, beta-VAE: Learning basic visual concepts with a constrained variational framework, ICLR.",
    ),
    "vq": Note(
        "VQ-VAE",
        N_("An AE gave no recipe for sampling; a density had to be fitted to its codes afterwards."),
        "generating",
        N_(
            "Replace each part of the latent by the nearest entry of a learned table, and train a second network on "
            "which entries follow each other: the fitted density becomes the main thing."
        ),
        "Van den Oord et al. 2017, arXiv 1711.00937.",
    ),
    "hierarchical": Note(
        N_("Hierarchical VAEs"),
        N_("The aggregate posterior is not the prior, and one layer of numbers holds coarse and fine alike."),
        "prior",
        N_(
            "Several layers of latents, from the whole face down to single hairs, each with a prior that the layers "
            "above it give."
        ),
        "Vahdat and Kautz 2020, arXiv 2007.03898; Child 2021, arXiv 2011.10650.",
    ),
    "gan": Note(
        "GANs",
        N_("The squared error prefers the mean of all possible pictures, and that is blurred."),
        "training",
        N_(
            "Let a second network judge whether a picture looks real. Nothing rewards the mean any more; but there is "
            "no encoder, and rare faces may be forgotten."
        ),
        N_(
            "Goodfellow et al. 2014, arXiv 1406.2661; Larsen et al. 2016, arXiv 1512.09300, for a VAE and a GAN "
            "together."
        ),
    ),
    "diffusion": Note(
        N_("Diffusion on latents"),
        N_("Decoding is easy, drawing a good latent is hard."),
        "generating",
        N_(
            "Keep the autoencoder, and learn to draw latents by removing noise step by step. The reparametrised noise "
            "of the VAE comes back at each step."
        ),
        "Rombach et al. 2022, arXiv 2112.10752; Ho et al. 2020, arXiv 2006.11239.",
    ),
}


def render(stage: Stage) -> None:
    """Draw the chapter."""
    st.markdown(_("Each of these takes up something that you saw in this lesson. Choose one."))
    key = stage.choice("note", _("Where next"), {key: _(note.name) for key, note in NOTES.items()}, next(iter(NOTES)))
    note = NOTES[key]
    name, seen, idea, reference = _(note.name), _(note.seen), _(note.idea), _(note.reference)
    with st.container(border=True, width=QUESTION_WIDTH):
        st.markdown(
            _("**You saw:** {seen}\n\n**The idea of {name}:** {idea}\n\n**Read:** {reference}").format(
                seen=seen, name=name, idea=idea, reference=reference
            )
        )
        with st.container(horizontal=True):  # at the left, as the words are
            stage.way_back(note.chapter)
    stage.step()
    predict(stage, lambda: question(stage))
    with st.expander(_("All references of the lesson"), width=QUESTION_WIDTH):
        st.markdown(
            "\n".join(f"- {reference}" for reference in (*REFERENCES, *(_(note.reference) for note in NOTES.values())))
        )
    stage.write(next(iter(stage.models.values())))


def question(stage: Stage) -> Question:
    """What it asks."""
    return Question(
        _(
            "You want new faces that are sharp, and you need no encoder. Which of these gave up the squared error "
            "altogether?"
        ),
        [_(other.name) for other in NOTES.values()],
        lambda: (
            list(NOTES).index("gan"),
            _(
                "A GAN's judge takes the place of the loss that compares pixels. (Diffusion keeps a squared error, "
                "but on noise.)"
            ),
        ),
    )


REFERENCES = (
    "Kingma and Welling 2014, Auto-Encoding Variational Bayes, arXiv 1312.6114.",
    "Rezende, Mohamed and Wierstra 2014, Stochastic Backpropagation and Approximate Inference, arXiv 1401.4082.",
    "Ghosh et al. 2020, From Variational to Deterministic Autoencoders, arXiv 1903.12436.",
    "White 2016, Sampling Generative Networks, arXiv 1609.04468.",
    "McInnes, Healy and Melville 2018, UMAP, arXiv 1802.03426.",
    "Liu et al. 2015, Deep Learning Face Attributes in the Wild, arXiv 1411.7766.",
    "Rolínek, Zietlow and Martius 2019, Variational Autoencoders Pursue PCA Directions, arXiv 1812.06775.",
    "Williams 1992, Simple Statistical Gradient-Following Algorithms, Machine Learning 8.",
    "Tipping and Bishop 1999, Probabilistic Principal Component Analysis, JRSS B 61.",
    "Johnson, Alahi and Fei-Fei 2016, Perceptual Losses for Real-Time Style Transfer, arXiv 1603.08155.",
)
