"""Technical terms in plain words, for whoever meets them for the first time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

TERMS: dict[str, str] = {
    "aggregate posterior": "all posteriors of all faces taken together: where draws land if a random face is encoded.",
    "AUC": "area under the ROC curve: how often a face with an attribute gets a higher value than a face without it. "
    "0.5 is guessing, 1 is perfect.",
    "autograd": "how PyTorch works out gradients by itself, from the steps that led to a number.",
    "autoencoder (AE)": "a network that turns a picture into a short list of numbers and back again.",
    "beta": "the weight of the KL term in the loss of a VAE.",
    "bottleneck": "the narrowest place of an autoencoder, through which everything has to pass.",
    "checkpoint": "a trained model as files: its weights and what is needed to use them.",
    "chi distribution": "how the lengths of draws from a standard normal distribution are spread.",
    "convolution": "a layer that looks at small patches with the same weights everywhere; a transposed one goes the "
    "other way and makes pictures larger.",
    "critic": "a network that learns to tell two sets of points or pictures apart; where it can only guess, they are "
    "alike.",
    "decoder": "the second half of an autoencoder: from the latent back to a picture.",
    "decibel (dB)": "the unit of PSNR; 3 dB more means half the mean squared error.",
    "distortion": "how much a rebuilt picture differs from the original; a high PSNR is a low distortion.",
    "ELBO": "evidence lower bound: what a VAE maximises. Its two terms are the distortion and the KL.",
    "encoder": "the first half of an autoencoder: from a picture to its latent.",
    "entropy": "how little a distribution says in advance about where a draw will fall.",
    "epoch": "one pass through all training pictures.",
    "epsilon (eps)": "random numbers from the standard normal distribution, the same for every model.",
    "Fr\u00e9chet distance": "how far two sets of pictures lie apart in what a classifier sees: mean and spread "
    "of its features. Less is better.",
    "gradient": "how fast the loss changes with each number: training follows it downhill.",
    "held-out faces": "pictures of people that the model was not trained on.",
    "KL (Kullback-Leibler divergence)": "how much one distribution differs from another, in nats; 0 if they are alike.",
    "latent": "the short list of numbers that stands for a picture, written z. Each number is a dimension.",
    "latent space": "the space of all possible latents; every face is a point in it.",
    "lerp and slerp": "linear interpolation along a straight line, and spherical interpolation along an arc.",
    "learned prior": "a prior that was fitted to the codes after training: here a flow, a network that carries random "
    "points step by step to where codes lie.",
    "loss": "the number that training makes smaller.",
    "mu and sigma": "centre and width of the posterior in each dimension.",
    "nat": "the unit of information if logarithms have the base e; one nat is 1.44 bits.",
    "norm": "the length of a vector: its distance from 0.",
    "normal distribution": "the bell curve. N(0, 1) has its centre at 0 and the standard deviation 1 and is called the "
    "standard normal distribution.",
    "perceptual term": "a part of the loss that compares what another network sees in two pictures.",
    "posterior": "what a VAE's encoder gives for one face: not a point but a little cloud, with centre and width.",
    "principal component (PCA)": "the direction in which data vary most; the second one, the most of what is left, and "
    "so on. PCA is the best that can be done with straight lines alone.",
    "prior": "the distribution that latents are wanted to have: N(0, 1) in each dimension.",
    "probe": "a linear classifier that reads an attribute off latents; it shows what is written there.",
    "PSNR": "peak signal-to-noise ratio: how close a rebuilt picture is to the original. More is better.",
    "QQ plot": "quantiles against quantiles; points on the diagonal mean that two distributions agree.",
    "rate": "how many nats a model keeps of a face: its KL.",
    "reconstruction": "a picture that was encoded and decoded again.",
    "rejection": "throwing draws away until those that stay are spread as wanted.",
    "sampler": "a recipe for drawing new latents at random.",
    "SSIM": "structural similarity: how alike two pictures are in brightness, contrast and structure, place by place; "
    "1 is the same picture.",
    "standard deviation (sd)": "how far values typically lie from their mean.",
    "UMAP": "a method that draws points of many dimensions on a flat map so that neighbours stay neighbours.",
    "variance": "the square of the standard deviation.",
    "variational autoencoder (VAE)": "an autoencoder that gives each face a small cloud of latents and keeps all "
    "clouds together near the prior.",
    "weights": "the numbers inside a network that training changes.",
}


def glossary_button(terms: Sequence[str]) -> None:
    """A button that opens the meaning of some terms.

    Raises:
        KeyError: a term is not in the glossary.
    """
    with st.popover("Words", icon=":material/dictionary:"):
        st.markdown("\n".join(f"- **{term}**: {TERMS[term]}" for term in terms))
