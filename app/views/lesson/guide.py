"""What a teacher needs of each chapter: how long it takes, what it is for, and what to say with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """A chapter for its teacher.

    Attributes:
        minutes: that it takes with a class, its question included.
        goals: what students can do after it: each ends the sentence "You can".
        notes: what to say and to do, in order.
    """

    minutes: int
    goals: tuple[str, ...]
    notes: tuple[str, ...]


GUIDES = {
    "autoencoder": Guide(
        6,
        ("say what encoder, latent and decoder do", "explain why a bottleneck forces a network to learn"),
        (
            "Begin with the drawing: each block is one layer, and the picture in it is what that layer makes of the "
            "face. Ask where the face can no longer be seen.",
            "Switch off channels of an early layer, then of a late one. Early ones change the whole face, late ones an "
            "edge or a colour.",
            "Drag k down to 1. Ask what is lost first: glasses and hair, or the pose of the head?",
            "Ask the question before the curve has been read. Many expect that half of the numbers give half of the "
            "quality; the first ones do most of the work.",
        ),
    ),
    "dataset": Guide(
        5,
        ("say where the faces come from and how they were aligned", "name who is missing from them"),
        (
            "Let the class look for what all pictures share: eyes in the same place, a smile for the camera.",
            "Most guess too many eyeglasses. What is rare in training is drawn badly later: come back to this in the "
            "chapter on generating.",
            "Take the doubts seriously. An attribute such as “attractive” is somebody's opinion, ticked in a box.",
        ),
    ),
    "training": Guide(
        10,
        ("say what a loss is and why the squared error blurs", "read a training curve"),
        (
            "Press Start training right away; it runs while you talk about blur.",
            "Blur: move the slider and let the class say which single picture they would answer with. The mean is the "
            "best bet, and it is blurred.",
            "The live run: watch the scales of the two maps. The AE's codes wander off as they like; the VAE's gather "
            "in the circle of N(0, I).",
        ),
    ),
    "exploring": Guide(
        7,
        ("read a UMAP map and say what it does not show", "tell structure from chance by shuffled labels"),
        (
            "Click two dots that lie together and two that lie far apart. Are the near ones alike?",
            "Let the class predict before the count is shown. The shuffled labels are the yardstick: without them any "
            "share looks impressive.",
            "Change only the seed. What stays is a finding, what moves is the map's own.",
        ),
    ),
    "generating": Guide(
        6,
        ("say why an autoencoder brings no recipe for new faces", "tell whether draws fall where faces lie"),
        (
            "Ask first: what would you feed a decoder that you want a new face from?",
            "The autoencoder from a random start is what students build at home. Let them describe what its draws "
            "lack, then look at the norms: the draws do not fall among the codes.",
            "A fitted Gaussian is a recipe, too. It comes after training; the next chapter builds it in.",
        ),
    ),
    "variational": Guide(
        8,
        ("say what distortion and KL ask for", "explain what beta trades for what"),
        (
            "Make the cloud wider, then narrower, and let the class call out which term grows.",
            "Show the same points through both small models. This is the picture to remember from the lesson.",
            "The slider over beta: let the class find the place where faces are still recognisable and draws are "
            "still faces. There is no single right answer.",
        ),
    ),
    "reparametrisation": Guide(
        10,
        ("write a draw so that gradients pass it by", "compare two estimators by their variance"),
        (
            "Redraw epsilon a few times: mu and sigma do not move. Then drag sigma: z moves in a straight line.",
            "Check one gradient by hand with the numbers on screen.",
            "The score function is right on average, too. Its variance is the point; move c away from mu and watch it "
            "grow.",
        ),
    ),
    "prior": Guide(
        8,
        ("give reasons for N(0, I)", "check whether a model keeps to it, by histogram, QQ plot and norm"),
        (
            "Ask why not another distribution, before the list is on the screen.",
            "Take the worst dimension, then a typical one. The prior is a wish, and the fit is never perfect.",
            "The shell: ask how long a draw of 128 numbers is. Nearly all have the same length.",
        ),
    ),
    "learning": Guide(
        6,
        ("measure how wrong an assumption is, with a critic", "say what a learned prior is and what it is for"),
        (
            "Press Start learning right away; it is done in under a minute.",
            "Ask what it means that a critic is nearly always right: draws and codes hardly overlap. So the VAE's "
            "own prior seldom draws what its decoder knows.",
            "Rejection first: why not just throw bad draws away? The share that is kept is the answer.",
            "Compare the two rows of the live run, then look at the curve: what the critic still finds, the class may "
            "find in the faces.",
        ),
    ),
    "onward": Guide(
        4,
        ("name methods that go on from here, and what each of them changes",),
        (
            "Let students choose the road that answers what bothered them most.",
            "Today's image generators are an autoencoder with a learned prior on its codes: nothing of this lesson is "
            "lost on the way there.",
        ),
    ),
}  # fmt: skip
"""By the chapter's key."""
