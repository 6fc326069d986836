"""Tables of faces that the folder saves are the app's, but for codes that it rounds."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd

from app.checkpoints.opening import OpenModel
from app.controls.take_along import Taken, table_of
from app.session.point import Point
from latent.code_table import csv_bytes
from tests.app.static_site.test_folder import content, given, node

TABLE = """
import { readFile } from "node:fs/promises";
const [base, sent] = process.argv.slice(1);
const { facesTable } = await import(`${base}/site/code_table.mjs`);
const { csvOf } = await import(`${base}/page/csv.mjs`);
const { source, files, gauge, rows, columns, sha256, D } = JSON.parse(await readFile(sent));
const bytes = (name) => Uint8Array.from(Buffer.from(files[name], "base64"));
const floats = (name) => new Float32Array(bytes(name).buffer);
const all = floats("gauge");
const [mean, precision, percentiles] = [all.subarray(0, D), all.subarray(D, D + D * D), all.subarray(D + D * D)];
const known = { columns, sha256, gauge: { mean, precision, percentiles } };
const [partition, scores] = [bytes("partition"), bytes("scores")];
const arrays = { mu: floats("mu"), xy: floats("xy"), image: new Int32Array(bytes("image").buffer), partition, scores };
console.log(await csvOf(facesTable(source, arrays, rows, known)).text());
"""


def test_the_table_of_a_selection_has_the_apps_columns_and_numbers(site: Path, tiny: OpenModel, tmp_path: Path) -> None:
    assert tiny.atlas is not None
    rows = np.array([3, 8, 1000])
    taken = Taken("The selection: 3 faces", "selection", rows, tiny.atlas.mu)
    expected = pd.read_csv(io.BytesIO(csv_bytes(table_of(tiny, Point(), taken, {}))))
    map_, source = given(site, "map"), given(site, "map")["source"]
    files = {name: content(site, source[name]) for name in ("xy", "image", "partition", "scores")}
    files["mu"] = np.frombuffer(content(site, source["latents"]), "<f2").astype("<f4").tobytes()
    files["gauge"] = content(site, given(site, "pad")["gauge"]["url"])
    sent = {
        "source": source,
        "files": {name: base64.b64encode(data).decode() for name, data in files.items()},
        "rows": rows.tolist(),
        "columns": map_["filters"]["columns"],
        "sha256": given(site, "site")["sha256"],
        "D": source["dimensions"],
    }
    (tmp_path / "sent.json").write_text(json.dumps(sent), encoding="utf-8")
    base = next((site / "facespace" / "page").iterdir()).resolve().as_uri()
    own = pd.read_csv(io.StringIO(node(TABLE, base, str(tmp_path / "sent.json"))))
    assert list(own) == list(expected)
    pd.testing.assert_frame_equal(own, expected, check_dtype=False, atol=2e-3, rtol=5e-3)
    exact = [name for name in expected if not name.startswith(("z", "distance"))]
    pd.testing.assert_frame_equal(own[exact], expected[exact], check_exact=True)
