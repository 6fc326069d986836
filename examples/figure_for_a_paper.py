"""A figure for a paper, of two ways between two faces: `marimo edit examples/figure_for_a_paper.py`."""

import marimo

app = marimo.App()


@app.cell
def _():
    import tempfile
    from pathlib import Path

    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np

    import facespace

    model = facespace.open_model("vae")
    return Path, mo, model, np, plt, tempfile


@app.cell
def _(mo):
    mo.md("""
    # A figure for a paper

    The straight way between two codes, and the way on which the decoded picture changes least. The curves say what a
    classifier reads along each.
    """)


@app.cell
def _(model):
    ends, nodes, attribute = model.sample(2, "learned", seed=5), 6, "Male"
    straight = model.walk(model.interpolate(ends, nodes))
    curved = model.geodesic(*ends, nodes=nodes)
    return attribute, curved, nodes, straight


@app.cell
def _(attribute, curved, model, nodes, np, plt, straight):
    plt.rcParams.update({"font.size": 8, "pdf.fonttype": 42, "svg.fonttype": "none"})  # text stays text
    figure, axes = plt.subplots(3, 1, figsize=(5.5, 3.6), height_ratios=(1, 1, 1.4), layout="constrained")
    for _axis, _way, _name in zip(axes, (straight, curved), ("straight", "least change"), strict=False):
        _axis.imshow(np.concatenate(model.decode(_way.z), 1))
        _axis.set(xticks=[], yticks=[], ylabel=_name)
        axes[2].plot(
            range(nodes),
            _way.readings[attribute],
            "o-",
            label=f"{_name}: changes add up to {_way.lengths.sum():.0f} of 255",
        )
    axes[2].set(xlabel="node", ylabel=attribute, ylim=(0, 1))
    axes[2].legend()
    figure
    return (figure,)


@app.cell
def _(Path, figure, tempfile):
    files = [Path(tempfile.mkdtemp()) / f"ways.{ending}" for ending in ("pdf", "svg")]
    for _file in files:
        figure.savefig(_file)
    [f"{file.name}: {file.stat().st_size / 1000:.0f} kB" for file in files]
    return (files,)


if __name__ == "__main__":
    app.run()
