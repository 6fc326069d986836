"""The family's curve: how much its VAEs say of a face (the rate) against how exactly they rebuild it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.checkpoints.discovery import alike_but_for_beta
from app.checkpoints.measured import figure
from app.checkpoints.records import Record
from app.texts import _, numeral


@dataclass(frozen=True)
class Member:
    """A measured model of the family.

    Attributes:
        key: of its record.
        name: its folder's name.
        beta: weight of the KL term; an autoencoder, which has none, counts as 0.
        rate: KL in nats a face on the test part; None for an autoencoder, whose codes have no KL.
        psnr: of the test part rebuilt from the posteriors' centres, in dB.
        margin: half the width of its 95 % interval, in dB; 0 where it is not known.
        twin: it differs from the others in something else than beta, so it is no point of the curve.
    """

    key: str
    name: str
    beta: float
    rate: float | None
    psnr: float
    margin: float = 0.0
    twin: bool = False


def members(records: Mapping[str, Record]) -> list[Member]:
    """The measured models of the family, the curve's by growing beta first, then the twins."""
    alike = {record.key for record in relatives(records)}
    found = []
    for record in (record for record in records.values() if record.in_family):
        psnr, rate = figure(record.metrics, "psnr_db"), figure(record.metrics, "kl_nats")
        variational = record.config.kind == "vae"
        if psnr is None or (variational and rate is None):
            continue
        low, high = _interval(record)
        found.append(
            Member(
                key=record.key,
                name=record.title,
                beta=record.own_config.beta if variational else 0.0,
                rate=rate if variational else None,
                psnr=psnr,
                margin=(high - low) / 2,
                twin=record.key not in alike,
            )
        )
    return sorted(found, key=lambda member: (member.twin, member.beta, member.name))


def relatives(records: Mapping[str, Record]) -> list[Record]:
    """Those of the family that differ in nothing but beta, measured or not, by growing beta; an AE's is 0."""
    family = {key: record for key, record in records.items() if record.in_family}
    alike = alike_but_for_beta({key: record.own_config for key, record in family.items()})
    points = [record for key, record in family.items() if key in alike]
    return sorted(points, key=lambda record: record.own_config.beta if record.config.kind == "vae" else 0.0)


def plain_pair(records: Mapping[str, Record]) -> tuple[Record, Record] | None:
    """The family's autoencoder that no PCA began, and the VAE most like it; None where one of them is missing.

    Of several the VAE is taken whose perceptual term weighs most nearly as much and whose beta is nearest to 1.
    """
    family = [record for record in records.values() if record.in_family]
    plain = [record for record in family if record.config.kind == "ae" and not record.own_config.linear_path]
    if not plain:
        return None
    own = plain[0].own_config

    def unlike(record: Record) -> tuple[float, float]:
        config = record.own_config
        return abs(config.perceptual_weight - own.perceptual_weight), abs(config.beta - 1)

    sizes = [(record, record.own_config) for record in family if record.config.kind == "vae"]
    alike = [
        record
        for record, config in sizes
        if (config.latent_dim, config.image_size, config.width) == (own.latent_dim, own.image_size, own.width)
    ]
    return (plain[0], min(alike, key=unlike)) if alike else None


def _interval(record: Record) -> tuple[float, float]:
    match record.metrics.get("psnr_db_interval"):
        case [float() | int() as low, float() | int() as high]:
            return float(low), float(high)
    return 0.0, 0.0


def curve(found: Sequence[Member]) -> list[Member]:
    """Those that differ in nothing but beta, by growing beta."""
    return sorted((member for member in found if not member.twin), key=lambda member: member.beta)


def unbroken(points: Sequence[Member]) -> list[int]:
    """The longest run of points, by growing beta, along which both rate and PSNR fall: their places in the list."""
    best: list[list[int]] = []
    for i, point in enumerate(points):
        before = [best[j] for j in range(i) if _falls(points[j], point)]
        best.append([*max(before, key=len, default=[]), i])
    return max(best, key=len, default=[])


def _falls(a: Member, b: Member) -> bool:
    rate = a.rate is None or (b.rate is not None and b.rate < a.rate)
    return rate and b.psnr < a.psnr


def verdict(points: Sequence[Member]) -> str:
    """Whether the curve is monotone, as it should be, and if not, which points break it: from the figures alone."""
    if len(points) < 3:
        return _("Fewer than three of its models are measured, which make no curve yet.")
    kept = unbroken(points)
    if len(kept) == len(points):
        return _(
            "The curve is monotone, as it should be: with every larger beta the model says less of a face (a lower KL) "
            "and rebuilds it less exactly (a lower PSNR)."
        )
    sentences = [_break(points, kept, i) for i in range(len(points)) if i not in kept]
    return " ".join([_("The curve is not monotone."), *sentences])


def _psnr_break(point: Member, other: Member, below: bool) -> str:
    """That one PSNR is not on the side of another where it should be; two that read alike are said to be alike."""
    own, its = f"{numeral(point.psnr, '.2f')}\N{NO-BREAK SPACE}dB", f"{numeral(other.psnr, '.2f')}\N{NO-BREAK SPACE}dB"
    if own == its:
        return _("its PSNR and that of beta {beta:g} are both {own}").format(beta=other.beta, own=own)
    words = (
        _("its PSNR, {own}, is not below the {its} of beta {beta:g}")
        if below
        else _("its PSNR, {own}, is not above the {its} of beta {beta:g}")
    )
    return words.format(own=own, its=its, beta=other.beta)


def _kl_break(rate: float, other: float, beta: float, below: bool) -> str:
    """The same of two KL, in nats."""
    words = (
        _("its KL, {own:.1f} nats, is not below the {its:.1f} of beta {beta:g}")
        if below
        else _("its KL, {own:.1f} nats, is not above the {its:.1f} of beta {beta:g}")
    )
    return words.format(own=rate, its=other, beta=beta)


def _break(points: Sequence[Member], kept: Sequence[int], i: int) -> str:
    """What is wrong with a point that does not fit between its neighbours on the unbroken run."""
    point = points[i]
    before = next((points[j] for j in reversed(kept) if j < i), None)
    after = next((points[j] for j in kept if j > i), None)
    wrong, chance = [], True
    for other, sign in ((before, 1), (after, -1)):
        if other is None:
            continue
        excess = sign * (point.psnr - other.psnr)
        if excess >= 0:
            wrong.append(_psnr_break(point, other, below=sign > 0))
            chance = chance and excess <= point.margin + other.margin
        if point.rate is not None and other.rate is not None and sign * (point.rate - other.rate) >= 0:
            wrong.append(_kl_break(point.rate, other.rate, other.beta, below=sign > 0))
            chance = False
    what = _(" and ").join(wrong) or _("it repeats another point")
    words = _("Beta {beta:g} breaks it: {what}.").format(beta=point.beta, what=what)
    small = _("That is less than the error of measuring.")
    return f"{words} {small}" if wrong and chance else words
