import torch
from torch.distributions import Normal, kl_divergence

from models.losses import attribute_nats, kl_nats, reconstruction_nats


def test_kl_agrees_with_torch_distributions():
    generator = torch.Generator().manual_seed(0)
    mu, logvar = torch.randn(5, 4, generator=generator), torch.randn(5, 4, generator=generator)
    expected = kl_divergence(Normal(mu, (0.5 * logvar).exp()), Normal(0.0, 1.0))
    assert torch.allclose(kl_nats(mu, logvar), expected, atol=1e-6)


def test_reconstruction_is_the_gaussian_log_likelihood_up_to_its_constant():
    x, y, sigma = torch.rand(3, 3, 8, 8), torch.rand(3, 3, 8, 8), 0.3
    other = torch.rand(3, 3, 8, 8)

    def negative_log_likelihood(mean):
        return -Normal(mean, sigma).log_prob(x).flatten(1).sum(1).mean()

    difference = reconstruction_nats(y, x, sigma) - reconstruction_nats(other, x, sigma)
    expected = negative_log_likelihood(y) - negative_log_likelihood(other)
    assert torch.allclose(difference, expected, rtol=1e-4)


def test_losses_average_over_the_batch_and_sum_over_pixels():
    x = torch.zeros(2, 3, 4, 4)
    assert reconstruction_nats(x + 1, x, 1.0).item() == 3 * 4 * 4 / 2
    assert reconstruction_nats(x[:1] + 1, x[:1], 1.0).item() == 3 * 4 * 4 / 2


def test_attribute_loss_is_summed_over_attributes():
    loss = attribute_nats(torch.zeros(3, 40), torch.ones(3, 40))
    assert torch.allclose(loss, 40 * torch.log(torch.tensor(2.0)))
