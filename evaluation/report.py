"""Tables for the README and the model cards, in Markdown, from `metrics.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.checkpoint_files import METRICS_FILE

SAMPLERS = {
    "raw_normal": "N(0, I) as it is",
    "standard_normal": "N(0, I), an AE's scaled",
    "scaled_normal": "N(0, I), a VAE's scaled",
    "gaussian": "fitted Gaussian",
    "mixture": "mixture of ten",
    "learned": "learned prior",
    "jitter": "training faces, jittered",
}
HARDEST = 6  # groups of faces that are listed


def read_metrics(checkpoints: Path) -> dict[str, dict[str, Any]]:
    """Every `metrics.json` under a folder of checkpoints, by the checkpoint's name."""
    return {path.parent.name: json.loads(path.read_text()) for path in sorted(checkpoints.glob(f"*/{METRICS_FILE}"))}


def tables(found: dict[str, dict[str, Any]]) -> str:
    """All tables of some metrics by name; what was measured by an older version has dashes where it lacks a figure."""
    autoencoders = {name: m for name, m in found.items() if "psnr_db" in m}
    classifiers = {name: m for name, m in found.items() if "mean_auc" in m}
    parts = [
        _reconstruction(autoencoders),
        _information(autoencoders),
        _generation(autoencoders),
        _hardest(autoencoders),
        _effort(autoencoders),
        _classifiers(classifiers),
    ]
    return "\n\n".join(part for part in parts if part)


def _table(head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    lines = ["| " + " | ".join(line) + " |" for line in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def _say(m: dict[str, Any], key: str, form: str = ".2f", unit: str = "") -> str:
    """A figure by its path ("map.trustworthiness"), or a dash."""
    value: Any = m
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return "-" if value is None else f"{value:{form}}{unit}"


def _pair(m: dict[str, Any], key: str, form: str) -> str:
    return f"{_say(m, key, form)} ({_say(m, 'pca_' + key, form)})"


def blend_table(along: list[dict[str, Any]]) -> str:
    """The table of a `blend.json`."""
    head = [
        "vivid",
        "PSNR",
        "perceptual distance",
        "distance",
        "finest octave, horizontal, vertical, diagonal",
    ]
    rows = [
        [
            f"{point['vivid']:g}",
            _say(point, "psnr_db", ".2f", " dB"),
            _say(point, "perceptual", ".3f"),
            _say(point, "frechet"),
            ", ".join(_say(point, f"finest_band.{way}") for way in ("horizontal", "vertical", "diagonal")),
        ]
        for point in along
    ]
    return _table(head, rows)


def _reconstruction(found: dict[str, dict[str, Any]]) -> str:
    head = ["checkpoint", "PSNR (PCA)", "gain over PCA, 95 % interval", "SSIM (PCA)", "perceptual distance (PCA)"]
    rows = []
    for name, m in found.items():
        low, high = m.get("gain_db_interval", (None, None))
        gain = "-" if low is None else f"{m['gain_db']:+.2f} dB ({low:+.2f} to {high:+.2f})"
        psnr = f"{m['psnr_db']:.2f} dB ({m['pca_psnr_db']:.2f} dB)"
        rows.append([f"`{name}`", psnr, gain, _pair(m, "ssim", ".3f"), _pair(m, "perceptual", ".3f")])
    return _table(head, rows)


def _information(found: dict[str, dict[str, Any]]) -> str:
    head = ["checkpoint", "KL", "dimensions in use", "probes, mean AUC", "Eyeglasses", "trustworthiness", "map purity"]
    rows = []
    for name, m in found.items():
        kl = f"{m['kl_nats']:.1f} nats" if "kl_nats" in m else "none"
        used = f"{m['active_units']} of {m['pca_components']}" if "active_units" in m else f"{m['pca_components']}"
        purity = f"{_say(m, 'map.neighbour_purity', '.3f')} ({_say(m, 'map.shuffled_purity', '.3f')} by chance)"
        probes = [_say(m, "probes.mean_auc", ".3f"), _say(m, "probes.auc.Eyeglasses", ".3f")]
        rows.append([f"`{name}`", kl, used, *probes, _say(m, "map.trustworthiness", ".3f"), purity])
    return _table(head, rows)


def _generation(found: dict[str, dict[str, Any]]) -> str:
    """A row for each way to make faces, since there are many and each has five figures."""
    head = [
        "checkpoint",
        "faces",
        "distance (at full size)",
        "precision",
        "recall",
        "nearest training code (held-out faces: 1)",
    ]
    rows = []
    for name, m in found.items():
        if "generation" not in m:
            continue
        g = m["generation"]
        made = {"reconstructions of test faces": g.get("reconstructions")}
        made["posterior draws of training faces: the ceiling"] = g.get("ceiling")
        made |= {said: g.get("samplers", {}).get(key) for key, said in SAMPLERS.items()}
        floor = f"{_say(g, 'floor')} ({_say(g, 'full_size_floor')})"
        rows.append([f"`{name}`", "training pictures themselves: the floor", floor, "-", "-", "-"])
        for said, x in made.items():
            if x is not None:
                distance = f"{_say(x, 'frechet')} ({_say(x, 'full_size_frechet')})"
                more = [_say(x, "precision"), _say(x, "recall"), _say(x, "nearest_code.of_held_out")]
                rows.append([f"`{name}`", said, distance, *more])
    return _table(head, rows)


def _hardest(found: dict[str, dict[str, Any]]) -> str:
    head = ["checkpoint", "hardest groups of faces: PSNR (gain over PCA)"]
    rows = []
    for name, m in found.items():
        hardest = sorted(m.get("groups", {}).items(), key=lambda item: item[1]["psnr_db"])[:HARDEST]
        if hardest:
            cells = [f"{group} {g['psnr_db']:.1f} dB ({g['gain_db']:+.1f})" for group, g in hardest]
            rows.append([f"`{name}`", ", ".join(cells)])
    return _table(head, rows)


def _effort(found: dict[str, dict[str, Any]]) -> str:
    head = ["checkpoint", "decoder", "encoder", "decode, one core", "encode, one core"]
    rows = []
    for name, m in found.items():
        sizes = [
            f"{_million(m, f'{half}_multiply_adds')} multiply-adds, {_million(m, f'{half}_parameters')} parameters"
            for half in ("decoder", "encoder")
        ]
        times = [_say(m, f"{verb}_ms_one_core", ".1f", " ms") for verb in ("decode", "encode")]
        rows.append([f"`{name}`", *sizes, *times])
    return _table(head, rows)


def _million(m: dict[str, Any], key: str) -> str:
    return f"{m[key] / 1e6:.1f} M" if key in m else "-"


def _classifiers(found: dict[str, dict[str, Any]]) -> str:
    head = ["classifier", "mean accuracy", "commoner answer", "mean AUC", "calibration error", "Eyeglasses"]
    rows = []
    for name, m in found.items():
        eyeglasses = f"{m['eyeglasses_accuracy']:.1%}, AUC {m['eyeglasses_auc']:.3f}"
        shares = [_say(m, key, ".1%") for key in ("mean_accuracy", "mean_commoner_answer")]
        error = _say(m, "mean_calibration_error", ".2%")
        rows.append([f"`{name}`", *shares, _say(m, "mean_auc", ".3f"), error, eyeglasses])
    return _table(head, rows)
