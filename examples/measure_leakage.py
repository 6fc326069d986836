"""What else changes when one attribute is edited: `marimo edit examples/measure_leakage.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np

    import facespace

    model = facespace.open_model("vae")
    return mo, model, np, plt


@app.cell
def _(mo):
    mo.md("""
    # Measure leakage

    A slider that is called *Smiling* rarely changes smiles alone. Each row below moves faces along one attribute's
    direction; each column is what a classifier then reads in the decoded faces.
    """)


@app.cell
def _(model, np):
    moved = ["Smiling", "Eyeglasses", "Male", "Young", "Blond_Hair"]
    faces = model.atlas.mu[model.atlas.partition == 2][:40].astype(np.float32)
    before = model.read(faces)

    def leakage(hold=()):
        """Mean change of each reading, [rows, columns], with some attributes held still."""
        rows = []
        for name in moved:
            after = model.read(model.edit(faces, {name: 1.0}, hold=[one for one in hold if one != name]))
            rows.append([float((after[one] - before[one]).mean()) for one in moved])
        return np.array(rows)

    plain, held = leakage(), leakage(hold=moved)
    return held, moved, plain


@app.cell
def _(held, moved, plain, plt):
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for axis, table, title in zip(axes, (plain, held), ("each alone", "the others held still"), strict=True):
        image = axis.imshow(table, cmap="RdBu_r", vmin=-1, vmax=1)
        axis.set_xticks(range(len(moved)), moved, rotation=45, ha="right")
        axis.set_yticks(range(len(moved)), moved)
        axis.set_title(title)
    figure.colorbar(image, ax=axes, label="change of the reading")
    figure


@app.cell
def _(held, np, plain):
    off = ~np.eye(len(plain), dtype=bool)
    leaks = {"each alone": float(np.abs(plain[off]).mean()), "the others held still": float(np.abs(held[off]).mean())}
    leaks
    return (leaks,)


@app.cell
def _(model):
    # The shortest change that flips one reading, and what else it moves: no single direction is needed for that.
    flip = model.flip(model.atlas.mu[0], "Smiling")
    {"size in standard deviations": flip.size, "along the slider": flip.along, "what else moves": dict(flip.moved)}
    return (flip,)


if __name__ == "__main__":
    app.run()
