"""Technical terms in plain words, for whoever meets them for the first time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.texts import N_, _

TERMS: dict[str, str] = {
    N_("aggregate posterior"): N_(
        "all posteriors of all faces taken together: where draws land if a random face is encoded."
    ),
    N_("AUC"): N_(
        "area under the ROC curve: how often a face with an attribute gets a higher value than a face without it. 0.5 "
        "is guessing, 1 is perfect."
    ),
    N_("autograd"): N_("how PyTorch works out gradients by itself, from the steps that led to a number."),
    N_("autoencoder (AE)"): N_("a network that turns a picture into a short list of numbers and back again."),
    N_("beta"): N_("the weight of the KL term in the loss of a VAE."),
    N_("bottleneck"): N_("the narrowest place of an autoencoder, through which everything has to pass."),
    N_("checkpoint"): N_("a trained model as files: its weights and what is needed to use them."),
    N_("chi distribution"): N_("how the lengths of draws from a standard normal distribution are spread."),
    N_("convolution"): N_(
        "a layer that looks at small patches with the same weights everywhere; a transposed one goes the other way and "
        "makes pictures larger."
    ),
    N_("critic"): N_(
        "a network that learns to tell two sets of points or pictures apart; where it can only guess, they are alike."
    ),
    N_("decoder"): N_("the second half of an autoencoder: from the latent back to a picture."),
    N_("decibel (dB)"): N_("the unit of PSNR; 3 dB more means half the mean squared error."),
    N_("distortion"): N_("how much a rebuilt picture differs from the original; a high PSNR is a low distortion."),
    N_("ELBO"): N_("evidence lower bound: what a VAE maximises. Its two terms are the distortion and the KL."),
    N_("encoder"): N_("the first half of an autoencoder: from a picture to its latent."),
    N_("entropy"): N_("how little a distribution says in advance about where a draw will fall."),
    N_("epoch"): N_("one pass through all training pictures."),
    N_("epsilon (eps)"): N_("random numbers from the standard normal distribution, the same for every model."),
    N_("Fréchet distance"): N_(
        "how far two sets of pictures lie apart in what a classifier sees: mean and spread of its features. Less is "
        "better."
    ),
    N_("gradient"): N_("how fast the loss changes with each number: training follows it downhill."),
    N_("held-out faces"): N_("pictures of people that the model was not trained on."),
    N_("KL (Kullback-Leibler divergence)"): N_(
        "how much one distribution differs from another, in nats; 0 if they are alike."
    ),
    N_("latent"): N_("the short list of numbers that stands for a picture, written z. Each number is a dimension."),
    N_("latent space"): N_("the space of all possible latents; every face is a point in it."),
    N_("lerp and slerp"): N_("linear interpolation along a straight line, and spherical interpolation along an arc."),
    N_("learned prior"): N_(
        "a prior that was fitted to the codes after training: here a flow, a network that carries random points step "
        "by step to where codes lie."
    ),
    N_("loss"): N_("the number that training makes smaller."),
    N_("mu and sigma"): N_("centre and width of the posterior in each dimension."),
    N_("nat"): N_("the unit of information if logarithms have the base e; one nat is 1.44 bits."),
    N_("norm"): N_("the length of a vector: its distance from 0."),
    N_("normal distribution"): N_(
        "the bell curve. N(0, 1) has its centre at 0 and the standard deviation 1 and is called the standard normal "
        "distribution."
    ),
    N_("perceptual term"): N_("a part of the loss that compares what another network sees in two pictures."),
    N_("posterior"): N_(
        "what a VAE's encoder gives for one face: not a point but a little cloud, with centre and width."
    ),
    N_("principal component (PCA)"): N_(
        "the direction in which data vary most; the second one, the most of what is left, and so on. PCA is the best "
        "that can be done with straight lines alone."
    ),
    N_("prior"): N_("the distribution that latents are wanted to have: N(0, 1) in each dimension."),
    N_("probe"): N_("a linear classifier that reads an attribute off latents; it shows what is written there."),
    N_("PSNR"): N_("peak signal-to-noise ratio: how close a rebuilt picture is to the original. More is better."),
    N_("QQ plot"): N_("quantiles against quantiles; points on the diagonal mean that two distributions agree."),
    N_("rate"): N_("how many nats a model keeps of a face: its KL."),
    N_("reconstruction"): N_("a picture that was encoded and decoded again."),
    N_("rejection"): N_("throwing draws away until those that stay are spread as wanted."),
    N_("sampler"): N_("a recipe for drawing new latents at random."),
    N_("SSIM"): N_(
        "structural similarity: how alike two pictures are in brightness, contrast and structure, place by place; 1 is "
        "the same picture."
    ),
    N_("standard deviation (sd)"): N_("how far values typically lie from their mean."),
    N_("UMAP"): N_("a method that draws points of many dimensions on a flat map so that neighbours stay neighbours."),
    N_("variance"): N_("the square of the standard deviation."),
    N_("variational autoencoder (VAE)"): N_(
        "an autoencoder that gives each face a small cloud of latents and keeps all clouds together near the prior."
    ),
    N_("weights"): N_("the numbers inside a network that training changes."),
}
"""Each term with its meaning, in English, by which chapters name it."""


def glossary_button(terms: Sequence[str]) -> None:
    """A button that opens the meaning of some terms.

    Raises:
        KeyError: a term is not in the glossary.
    """
    with st.popover(_("Words"), icon=":material/dictionary:"):
        st.markdown("\n".join(f"- **{_(term)}**: {_(TERMS[term])}" for term in terms))
