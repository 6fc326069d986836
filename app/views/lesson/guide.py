"""What a teacher needs of each chapter: how long it takes, what it is for, and what to say with it."""

from __future__ import annotations

from dataclasses import dataclass

from app.texts import N_, _


@dataclass(frozen=True)
class Guide:
    """A chapter for its teacher.

    Attributes:
        minutes: that it takes with a class, its question included.
        goals: what students can do after it, in English: each ends the sentence "You can".
        notes: what to say and to do, in order and in English.
    """

    minutes: int
    goals: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def goals_in_words(self) -> str:
        """The goals in the reader's language, as the end of one sentence."""
        return "; ".join(_(goal) for goal in self.goals)


GUIDES = {
    "autoencoder": Guide(
        6,
        (N_("say what encoder, latent and decoder do"), N_("explain why a bottleneck forces a network to learn")),
        (
            N_(
                "Begin with the drawing: each block is one layer, and the picture in it is what that layer makes of "
                "the face. Ask where the face can no longer be seen."
            ),
            N_(
                "Switch off channels of an early layer, then of a late one. Early ones change the whole face, late "
                "ones an edge or a colour."
            ),
            N_("Drag k down to 1. Ask what is lost first: glasses and hair, or the pose of the head?"),
            N_(
                "Ask the question before the curve has been read. Many expect that half of the numbers give half of "
                "the quality; the first ones do most of the work."
            ),
        ),
    ),
    "dataset": Guide(
        5,
        (N_("say where the faces come from and how they were aligned"), N_("name who is missing from them")),
        (
            N_("Let the class look for what all pictures share: eyes in the same place, a smile for the camera."),
            N_(
                "Most guess too many eyeglasses. What is rare in training is drawn badly later: come back to this in "
                "the chapter on generating."
            ),
            N_("Take the doubts seriously. An attribute such as “attractive” is somebody's opinion, ticked in a box."),
        ),
    ),
    "training": Guide(
        10,
        (N_("say what a loss is and why the squared error blurs"), N_("read a training curve")),
        (
            N_("Press Start training right away; it runs while you talk about blur."),
            N_(
                "Blur: move the slider and let the class say which single picture they would answer with. The mean is "
                "the best bet, and it is blurred."
            ),
            N_(
                "The live run: watch the scales of the two maps. The AE's codes wander off as they like; the VAE's "
                "gather in the circle of N(0, I)."
            ),
        ),
    ),
    "exploring": Guide(
        7,
        (N_("read a UMAP map and say what it does not show"), N_("tell structure from chance by shuffled labels")),
        (
            N_("Click two dots that lie together and two that lie far apart. Are the near ones alike?"),
            N_(
                "Let the class predict before the count is shown. The shuffled labels are the yardstick: without them "
                "any share looks impressive."
            ),
            N_("Change only the seed. What stays is a finding, what moves is the map's own."),
        ),
    ),
    "generating": Guide(
        6,
        (N_("say why an autoencoder brings no recipe for new faces"), N_("tell whether draws fall where faces lie")),
        (
            N_("Ask first: what would you feed a decoder that you want a new face from?"),
            N_(
                "The autoencoder from a random start is what students build at home. Let them describe what its draws "
                "lack, then look at the norms: the draws do not fall among the codes."
            ),
            N_("A fitted Gaussian is a recipe, too. It comes after training; the next chapter builds it in."),
        ),
    ),
    "variational": Guide(
        8,
        (N_("say what distortion and KL ask for"), N_("explain what beta trades for what")),
        (
            N_("Make the cloud wider, then narrower, and let the class call out which term grows."),
            N_("Show the same points through both small models. This is the picture to remember from the lesson."),
            N_(
                "The slider over beta: let the class find the place where faces are still recognisable and draws are "
                "still faces. There is no single right answer."
            ),
        ),
    ),
    "reparametrisation": Guide(
        10,
        (N_("write a draw so that gradients pass it by"), N_("compare two estimators by their variance")),
        (
            N_("Redraw epsilon a few times: mu and sigma do not move. Then drag sigma: z moves in a straight line."),
            N_("Check one gradient by hand with the numbers on screen."),
            N_(
                "The score function is right on average, too. Its variance is the point; move c away from mu and watch "
                "it grow."
            ),
        ),
    ),
    "prior": Guide(
        8,
        (N_("give reasons for N(0, I)"), N_("check whether a model keeps to it, by histogram, QQ plot and norm")),
        (
            N_("Ask why not another distribution, before the list is on the screen."),
            N_("Take the worst dimension, then a typical one. The prior is a wish, and the fit is never perfect."),
            N_("The shell: ask how long a draw of 128 numbers is. Nearly all have the same length."),
        ),
    ),
    "learning": Guide(
        6,
        (N_("measure how wrong an assumption is, with a critic"), N_("say what a learned prior is and what it is for")),
        (
            N_("Press Start learning right away; it is done in under a minute."),
            N_(
                "Ask what it means that a critic is nearly always right: draws and codes hardly overlap. So the VAE's "
                "own prior seldom draws what its decoder knows."
            ),
            N_("Rejection first: why not just throw bad draws away? The share that is kept is the answer."),
            N_(
                "Compare the two rows of the live run, then look at the curve: what the critic still finds, the class "
                "may find in the faces."
            ),
        ),
    ),
    "onward": Guide(
        4,
        (N_("name methods that go on from here, and what each of them changes"),),
        (
            N_("Let students choose the road that answers what bothered them most."),
            N_(
                "Today's image generators are an autoencoder with a learned prior on its codes: nothing of this lesson "
                "is lost on the way there."
            ),
        ),
    ),
}  # fmt: skip
"""By the chapter's key."""
