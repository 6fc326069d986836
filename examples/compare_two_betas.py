"""What a larger beta costs and what it buys: `marimo edit examples/compare_two_betas.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np

    import facespace

    weak = facespace.open_model("family/beta-0.1")
    strong = facespace.open_model("family/beta-10")
    return facespace, mo, np, plt, strong, weak


@app.cell
def _(mo):
    mo.md("""
    # Compare two betas

    Beta says how much a VAE pays for each bit that it keeps of a face. Here are two small models that differ in
    nothing else: one pays a tenth, one pays ten times the usual.
    """)


@app.cell
def _(strong, weak):
    # Kept of a face, in nats: the sum over all dimensions.
    kept = {model.files.name: float(model.posterior.kl.sum()) for model in (weak, strong)}
    kept
    return (kept,)


@app.cell
def _(facespace, np, strong, weak):
    _vae = facespace.open_model("vae")
    pictures = _vae.decode(_vae.atlas.mu[:60].astype(np.float32))  # made-up pictures of faces; or name your files
    errors = facespace.compare_errors(weak, strong, pictures)
    neighbours = facespace.compare_neighbourhoods(weak, strong, asked=500)
    f"{neighbours.kept.mean():.0%} of a face's ten nearest are the same in both; by chance {neighbours.chance:.2%}."
    return errors, neighbours, pictures


@app.cell
def _(errors, plt):
    _names = sorted(errors.by_attribute, key=lambda name: errors.by_attribute[name][1] - errors.by_attribute[name][0])
    figure, axis = plt.subplots(figsize=(7, 5), layout="constrained")
    for _place, _label in enumerate(("beta 0.1", "beta 10")):
        axis.plot([errors.by_attribute[name][_place] for name in _names], range(len(_names)), "o", label=_label)
    axis.set_yticks(range(len(_names)), _names)
    axis.set_xlabel("error of a pixel, of 255")
    axis.legend()
    figure


@app.cell
def _(mo, pictures, strong, weak):
    mo.vstack(
        [
            mo.hstack([mo.image(face, width=80) for face in shown])
            for shown in (pictures[:6], *(model.decode(model.encode(pictures[:6])) for model in (weak, strong)))
        ]
    )


if __name__ == "__main__":
    app.run()
