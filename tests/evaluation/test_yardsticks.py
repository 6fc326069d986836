"""PCA, SSIM, perceptual distance, spectrum, bootstrap, effort: each against something known."""

import math

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from evaluation.bootstrap import interval, resampled_means
from evaluation.effort import effort, multiply_adds
from evaluation.pca import fit_pca
from evaluation.similarity import look, perceptual_distance, ssim
from evaluation.spectrum import Spectrum, finest_band_ratio, grid_peaks
from models.config import ModelConfig
from models.networks import Decoder, build_network
from tests.conftest import tiny_network


def smooth_pictures(count, size=64, seed=0):
    """Pictures float32 [N, 3, S, S] in [0, 1] whose power falls off as that of photographs does."""
    random = torch.Generator().manual_seed(seed)
    noise = torch.fft.fft2(torch.rand(count, 3, size, size, generator=random) - 0.5)
    frequency = torch.fft.fftfreq(size).abs()
    radius = (frequency[:, None].square() + frequency.square()).sqrt() + 0.02
    pictures = torch.fft.ifft2(noise / radius**1.5).real
    return (0.5 + 0.12 * pictures / pictures.std()).clamp(0, 1)


def test_pca_agrees_with_the_full_decomposition():
    random = np.random.default_rng(0)
    basis = random.normal(size=(5, 8 * 8 * 3))
    data = (128 + random.normal(size=(120, 5)) * 20 @ basis + random.normal(size=(120, 192)) * 2).clip(0, 255)
    images = data.astype(np.uint8).reshape(-1, 8, 8, 3)
    rows, test = np.arange(0, 80), images[80:]
    exact = PCA(5, svd_solver="full").fit(images[rows].reshape(80, -1) / 255)
    flat = test.reshape(40, -1) / 255
    expected = exact.inverse_transform(exact.transform(flat)).reshape(test.shape).transpose(0, 3, 1, 2)
    ours = fit_pca(images, rows, 5).reconstruct(test).numpy()
    assert np.abs(ours - expected).max() < 2e-3


def test_pca_has_no_more_components_than_pictures():
    images = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
    pca = fit_pca(images, np.arange(6), 128)
    assert np.allclose(pca.reconstruct(images) * 255, images.transpose(0, 3, 1, 2), atol=0.1)


def test_ssim_is_one_for_the_same_picture_and_falls_with_noise_and_blur():
    x = smooth_pictures(2)
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    assert ssim(x, x) == pytest.approx([1, 1], abs=1e-6)
    little, much = ssim(x, x + 0.01 * noise), ssim(x, x + 0.1 * noise)
    assert (much < little).all()
    assert (little < 1).all()


def test_ssim_of_flat_pictures_is_the_luminance_term():
    x, y = torch.full((1, 3, 16, 16), 0.25), torch.full((1, 3, 16, 16), 0.5)
    expected = (2 * 0.25 * 0.5 + 1e-4) / (0.25**2 + 0.5**2 + 1e-4)
    assert float(ssim(x, y)) == pytest.approx(expected, abs=1e-5)


def test_perceptual_distance_is_zero_for_the_same_picture_and_reads_any_size():
    torch.manual_seed(0)
    classifier = build_network(ModelConfig("classifier", latent_dim=40, width=8, architecture="plain")).eval()
    x = smooth_pictures(2, size=128)
    with torch.inference_mode():
        maps = look(classifier, x)
        assert perceptual_distance(maps, maps) == pytest.approx([0, 0], abs=1e-5)
        assert (perceptual_distance(maps, look(classifier, x.flip(3))) > 1e-4).all()


@pytest.mark.parametrize(
    ("period", "way", "pattern"),
    [
        (2, "diagonal", lambda y, x: (y + x) % 2),
        (2, "horizontal", lambda y, x: x % 2),
        (4, "vertical", lambda y, x: y % 4 < 2),
        (8, "diagonal", lambda y, x: (y + x) % 8 < 4),
    ],
)
def test_the_spectrum_sees_a_faint_regular_pattern_and_nothing_else(period, way, pattern):
    x = smooth_pictures(30)
    y, across = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    real, clean, marked = Spectrum(64), Spectrum(64), Spectrum(64)
    real.add(x)
    clean.add(smooth_pictures(30, seed=1))
    marked.add(x + 0.03 * (pattern(y, across).float() - 0.5))
    peaks = grid_peaks(marked.power(), real.power())
    assert peaks[f"period {period}"][way] > 4
    quiet = grid_peaks(clean.power(), real.power())
    assert all(value < 2 for ways in quiet.values() for value in ways.values())


def test_blur_lowers_the_finest_band():
    x = smooth_pictures(10)
    real, blurred = Spectrum(64), Spectrum(64)
    real.add(x)
    blurred.add(torch.nn.functional.avg_pool2d(x, 3, 1, 1))
    ratios = finest_band_ratio(blurred.power(), real.power())
    assert all(value < 0.3 for value in ratios.values())
    assert finest_band_ratio(real.power(), real.power()) == {"horizontal": 1, "vertical": 1, "diagonal": 1}


def test_bootstrap_intervals_have_the_width_that_the_standard_error_promises():
    values = np.random.default_rng(0).normal(size=(400, 2)) + np.array([0, 5])
    means = resampled_means(values, seed=0)
    for column in (0, 1):
        low, high = interval(means[:, column])
        assert low < values[:, column].mean() < high
        assert high - low == pytest.approx(2 * 1.96 * values[:, column].std() / math.sqrt(400), rel=0.15)
    assert np.array_equal(means, resampled_means(values, seed=0))


def test_correcting_a_code_counts_as_runs_of_the_decoder():
    plain, refined = (effort(tiny_network("ae", refinement_steps=steps)) for steps in (0, 2))
    runs = 3 * 2 + 1  # each step forwards, backwards and to its end, and once more to see whether it was any good
    assert refined["encoder_multiply_adds"] == plain["encoder_multiply_adds"] + runs * plain["decoder_multiply_adds"]


def test_multiply_adds_are_counted_by_hand():
    decoder = Decoder(ModelConfig("ae", image_size=64, latent_dim=5, width=1))
    by_hand = 5 * 8 * 16 + 16 * (8 * 4 * 16) + 64 * (4 * 2 * 16) + 256 * (2 * 1 * 16) + 1024 * (1 * 3 * 16)
    assert multiply_adds(decoder, torch.zeros(1, 5)) == by_hand
    assert multiply_adds(torch.nn.Conv2d(3, 4, 3, stride=2, padding=1), torch.zeros(1, 3, 8, 8)) == 16 * 4 * 27
