"""Train a prior on the codes of a model, and draw from it: `marimo edit examples/train_a_prior.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import shutil
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    import marimo as mo

    import facespace

    return Path, facespace, mo, shutil, subprocess, sys, tempfile


@app.cell
def _(mo):
    mo.md("""
    # Train a prior

    A VAE of a small beta has codes that are not spread as N(0, I), so draws from N(0, I) make poor faces. A prior
    that is learned from the codes closes the gap. Three hundred steps show how; ten thousand are the default.
    """)


@app.cell
def _(Path, facespace, shutil, tempfile):
    folder = Path(tempfile.mkdtemp()) / "mine"  # a copy, so that the shipped one stays as it is
    shutil.copytree(facespace.SHIPPED / "family" / "beta-0.1", folder)
    return (folder,)


@app.cell
def _(facespace, folder, subprocess, sys):
    steps = 300
    _door = facespace.SHIPPED.parent / "train_prior.py"
    subprocess.run([sys.executable, _door, folder, "--steps", str(steps), "--width", "128"], check=True)
    model = facespace.open_model(folder)
    return (model,)


@app.cell
def _(mo, model):
    drawn = {name: model.sample(8, name, seed=1) for name in ("standard", "gaussian", "learned")}
    mo.vstack([mo.hstack([name, *(mo.image(face, width=80) for face in model.decode(z))]) for name, z in drawn.items()])
    return (drawn,)


@app.cell
def _(drawn, model):
    # Of 100 held-out faces, so many lie nearer to the average face than the draws do, on average: 50 would be usual.
    usual = {name: float(model.distance(z).mean()) for name, z in drawn.items()}
    usual
    return (usual,)


if __name__ == "__main__":
    app.run()
