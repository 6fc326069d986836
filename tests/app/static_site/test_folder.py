"""The folder holds all that its page asks for, packed as the browser expects it, and nothing that is not for others."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.checkpoints.for_browsers import decoder_file
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import draw
from app.components.atlas_map import value_colouring
from app.controls.pad import Arrival, PadOnPage, pad_input
from app.drawing.picture_files import read_provenance
from app.server import frontend_files as frontend
from app.session.point import Kept, Point
from app.session.shelf import from_file, to_file
from app.static_site import folder as module
from app.static_site.content import LEVELS, as_html, explore
from app.static_site.problem import SiteError
from app.static_site.rounding import round_weights
from app.static_site.shell import NAMED
from app.texts import speaking
from latent.attribute_axes import edit_bank
from latent.directions import Bank, coordinates
from latent.paths import WAYS as WAYS_THERE_ARE
from latent.paths import analogy, grid, walk

ADDRESS = re.compile(r"\./facespace/[\w./-]+\.\w+")


def given(site: Path, name: str, page_name: str = "index.html") -> Any:
    page = (site / page_name).read_text(encoding="utf-8")
    found = re.search(rf'id="facespace-{name}">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def content(site: Path, address: str) -> bytes:
    """A file as the browser's modules unpack it."""
    data = (site / address).read_bytes()
    if address.endswith(".packed"):
        return gzip.decompress(data)
    if not address.endswith(".planes"):
        return data
    planes = gzip.decompress(data)
    whole = bytearray(len(planes))
    even = -(-len(planes) // 2)
    whole[0::2], whole[1::2] = planes[:even], planes[even:]
    return bytes(whole)


def test_each_address_of_the_page_and_of_its_modules_is_a_file_of_the_folder(site: Path) -> None:
    pages = [(site / name).read_text(encoding="utf-8") for name in module.ENTRIES]
    addresses = {address for page in pages for address in ADDRESS.findall(page)}
    assert {a.rsplit("/", 1)[-1] for a in addresses} >= {"decoder.onnx.planes", "latents.f16.planes", "explore.mjs"}
    missing = [address for address in addresses if not (site / address).is_file()]
    assert missing == []
    for path in site.rglob("*.mjs"):
        if path.parent.name == "vendor":
            continue
        for other in NAMED.findall(path.read_text(encoding="utf-8")):
            target = (path.parent / other).resolve()
            assert target.is_file() or target.with_name(target.name + ".xz").is_file(), f"{path.name}: {other}"


def test_in_another_language_the_pages_and_all_that_they_are_given_speak_it(tiny: OpenModel, tmp_path: Path) -> None:
    with speaking("de"):
        module.write_site(explore(tiny), tmp_path)
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in module.ENTRIES]
    assert all('<html lang="de">' in page for page in pages)
    assert "<h1>Neue Gesichter erzeugen</h1>" in pages[1]
    assert "Nächster Startwert" in pages[1]
    assert given(tmp_path, "texts")["language"] == "de"
    assert given(tmp_path, "pad")["banks"][0]["name"] == "Merkmale"
    assert given(tmp_path, "site")["words"]["no model"].startswith("Der Link nennt")
    names = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', pages[0])  # a link keeps the value, in any language
    assert ("How crowded", "Wie dicht es ist") in names


def test_what_the_browser_keeps_is_all_that_a_visit_can_need_and_changes_with_it(site: Path, tiny: OpenModel) -> None:
    script = (site / "service-worker.js").read_text(encoding="utf-8")
    folder = json.loads(script.partition("self.FOLDER = ")[2].partition(";\n")[0])
    assert all((site / name).is_file() for name in folder["files"])
    page = (site / "index.html").read_text(encoding="utf-8")
    assert {address.removeprefix("./") for address in ADDRESS.findall(page)} <= {
        name.removeprefix("./") for name in (*folder["files"], *folder["later"])
    }
    assert {Path(name).name for name in folder["later"]} == {
        "encoder.onnx.planes",
        *(f"faces-{which}.onnx.planes" for which in ("first", "second", "third")),
        "portrait.jpg",
        "prior.safetensors.packed",
        "ort.wasm.bundle.min.mjs",
        "ort-wasm-simd-threaded.wasm.xz",
    }
    assert not set(folder["later"]) & set(folder["files"])
    assert "import " not in script.replace("@import", "")  # a classic script
    content = explore(tiny)
    again = module.write_site(content, site)
    assert script == (site / "service-worker.js").read_text(encoding="utf-8")
    files = {**dict.fromkeys(again.sizes, b""), "index.html": b"another"}
    changed = module._service_worker(
        files, runtime=True
    )  # of a model made elsewhere, which needs it for its first face
    assert folder["version"].encode() not in changed
    assert b"threaded.wasm.xz" in changed.partition(b'"later": ')[0]


def test_what_is_packed_comes_out_as_the_app_would_send_it(site: Path, tiny: OpenModel) -> None:
    atlas = tiny.atlas
    assert atlas is not None
    source = given(site, "map")["source"]
    assert np.array_equal(np.frombuffer(content(site, source["xy"]), "<f4"), atlas.xy.ravel())
    assert np.array_equal(np.frombuffer(content(site, source["image"]), "<i4"), atlas.image)
    latents = np.frombuffer(content(site, source["latents"]), "<f2").reshape(atlas.mu.shape)
    np.testing.assert_allclose(latents.astype(float), atlas.mu.astype(float), rtol=2**-9)
    scores = np.frombuffer(content(site, source["scores"]), "u1").reshape(atlas.scores.T.shape).T
    assert np.array_equal(scores, atlas.scores)
    spread = given(site, "site")["spread"]
    codes = np.frombuffer(content(site, spread["url"]), "u1").reshape(atlas.mu.shape)
    assert codes.max() == LEVELS - 1


UNPACK = """
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
globalThis.fetch = async (url) => new Response(await readFile(new URL(url)));
const [module, ...files] = process.argv.slice(1);
const { fetchFile } = await import(module);
for (const file of files) {
  const content = await fetchFile(file);
  console.log(createHash("sha256").update(new Uint8Array(content)).digest("hex"));
}
"""


DRAW = """
import { readFile } from "node:fs/promises";
globalThis.location = { href: process.argv[2] };
globalThis.fetch = async (url) => new Response(await readFile(new URL(url)));
const { draw } = await import(process.argv[1]);
const { site, keys } = JSON.parse(process.argv[3]);
const drawn = {};
for (const key of keys) {
  const z = await draw(key, site, { count: 40, seed: 7, temperature: 0.8 });
  drawn[key] = z.map((point) => [...point]);
}
console.log(JSON.stringify(drawn));
"""


def node(script: str, *arguments: str) -> str:
    """What a script says that Node.js runs."""
    command = [str(Path(frontend.node_folder()) / "node"), "--input-type=module", "--eval", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_browser_draws_the_very_points_that_the_app_draws(site: Path, tiny: OpenModel) -> None:
    base = next((site / "facespace" / "page").iterdir())
    module_address = (base / "site" / "samplers.mjs").resolve().as_uri()
    page_address = (site / "index.html").resolve().as_uri()
    message = given(site, "site", "generate.html")
    names = [sampler["key"] for sampler in message["samplers"]]
    assert set(names) == {"standard", "scaled", "gaussian", "mixture", "learned", "jitter"}
    wishes = [f"learned--{guidance}--{wish}" for guidance in (0, 100, 250) for wish in ("Smiling--no-Eyeglasses",)]
    sent = json.dumps({"site": message, "keys": [*names, *wishes]})
    drawn = json.loads(node(DRAW, module_address, page_address, sent))
    for key, points in drawn.items():
        most = 0.1 if key == "jitter" else 1e-5  # the folder has widths in sixteen steps
        np.testing.assert_allclose(points, draw(tiny, key, 40, 7, 0.8), atol=most, err_msg=key)
    assert not np.allclose(drawn["learned"], drawn[wishes[-1]], atol=0.1)


WAYS = """
const { analogy, grid, walk } = await import(process.argv[1]);
const { points, centre } = JSON.parse(process.argv[2]);
const [z, middle] = [points.map((one) => Float32Array.from(one)), Float32Array.from(centre)];
const plain = (many) => many.map((one) => [...one]);
const walks = ["straight", "spherical"].map((way) => plain(walk(z.slice(0, 3), 9, way, middle)));
console.log(JSON.stringify({ walks, grid: plain(grid(z, 5)), analogy: [...analogy(z[0], z[1], z[2])] }));
"""


def test_the_browser_goes_the_very_ways_that_the_app_goes(site: Path, tiny: OpenModel) -> None:
    assert tiny.atlas is not None
    assert tiny.posterior is not None
    points, centre = tiny.atlas.mu[:4].astype(np.float32), tiny.posterior.mean
    base = next((site / "facespace" / "page").iterdir())
    sent = json.dumps({"points": points.tolist(), "centre": centre.tolist()})
    own = json.loads(node(WAYS, (base / "site" / "ways.mjs").resolve().as_uri(), sent))
    for way, found in zip(WAYS_THERE_ARE, own["walks"], strict=True):
        np.testing.assert_allclose(found, walk(points[:3], 9, way, centre), atol=1e-5)
    assert not np.allclose(own["walks"][0], own["walks"][1], atol=1e-3)
    np.testing.assert_allclose(own["grid"], grid(points, 5), atol=1e-5)
    np.testing.assert_allclose(own["analogy"], analogy(*points[:3]), atol=1e-5)


GIF = """
const { gif } = await import(process.argv[1]);
const side = 32;
const frame = (at) => ({ width: side, height: side, data: Uint8ClampedArray.from({ length: 4 * side * side },
  (_one, i) => [8 * (Math.floor(i / 4) % side), 8 * Math.floor(i / 4 / side), 20 * at, 255][i % 4]) });
const shares = [];
const goesOn = async (share) => { shares.push(share); return shares.length < Number(process.argv[2]); };
const frames = Array.from({ length: 5 }, (_one, i) => frame(i));
const made = await gif(frames, { app: "facespace", faces: ["é"] }, { frameMs: 50, goesOn });
console.log(JSON.stringify({ made: made && Buffer.from(made).toString("base64"), shares }));
"""


def test_the_browsers_animation_is_a_gif_that_tells_where_it_came_from_and_can_be_given_up(site: Path) -> None:
    base = next((site / "facespace" / "page").iterdir())
    address = (base / "site" / "gif.mjs").resolve().as_uri()
    given = json.loads(node(GIF, address, "99"))
    data = base64.b64decode(given["made"])
    assert read_provenance(data) == {"app": "facespace", "faces": ["\u00e9"]}
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.n_frames, picture.size, picture.info["loop"], picture.info["duration"]) == (5, (32, 32), 0, 50)
        picture.seek(4)
        shown = np.asarray(picture.convert("RGB")).astype(float)
    y, x = np.mgrid[:32, :32]
    wanted = np.stack([8 * x, 8 * y, np.full_like(x, 80)], axis=-1)
    assert np.abs(shown - wanted).mean() < 12  # 256 colours for five frames of 1,024 colours each
    assert given["shares"] == [0, 0.2, 0.4, 0.6, 0.8]
    stopped = json.loads(node(GIF, address, "3"))
    assert (stopped["made"], len(stopped["shares"])) == (None, 3)


SHELF = """
const store = new Map();
globalThis.location = { href: "http://localhost/index.html" };
const setItem = (key, value) => store.set(key, value);
globalThis.sessionStorage = { getItem: (key) => store.get(key) ?? null, setItem };
const { addFile, toFile } = await import(process.argv[1]);
const { site, file } = JSON.parse(process.argv[2]);
console.log(JSON.stringify({ problems: addFile(file, site), file: toFile() }));
"""


def test_a_shelf_file_goes_from_the_app_to_the_folder_and_back(site: Path, tiny: OpenModel) -> None:
    assert tiny.atlas is not None
    z = tiny.atlas.mu[3].astype(np.float32)
    kept = Kept("k", "Anna \u00e9", {"tiny": z}, {"tiny": tiny.sha256}, {"point": {"kind": "photo"}}, private=True)
    base = next((site / "facespace" / "page").iterdir())
    sent = json.dumps({"site": given(site, "site"), "file": to_file([kept]).decode()})
    own = json.loads(node(SHELF, (base / "site" / "shelf.mjs").resolve().as_uri(), sent))
    assert own["problems"] == []
    (again,), problems = from_file(own["file"].encode(), {"tiny": tiny})
    assert problems == []
    assert (again.name, again.facts, again.private) == (kept.name, kept.facts, True)
    assert np.array_equal(again.latents["tiny"], z)


EDIT = """
const { editBank } = await import(process.argv[1]);
const { bank, points, zeros } = JSON.parse(process.argv[2]);
const at = (z) => editBank(bank, Float32Array.from(z), zeros).directions.map((one) => [one.start, one.low, one.high]);
console.log(JSON.stringify(points.map(at)));
"""


def test_the_sliders_of_edit_begin_where_the_apps_do(site: Path, tiny: OpenModel) -> None:
    assert tiny.atlas is not None
    base = next((site / "facespace" / "page").iterdir())
    bank, points = given(site, "pad", "edit.html")["banks"][0], tiny.atlas.mu[:20].astype(np.float32)
    assert len(bank["directions"]) > 0
    zeros = given(site, "site")["zeros"]
    sent = json.dumps({"bank": bank, "points": points.tolist(), "zeros": zeros})
    own = json.loads(node(EDIT, (base / "site" / "points.mjs").resolve().as_uri(), sent))
    names = {direction["key"].removeprefix("attribute-"): direction["name"] for direction in bank["directions"]}
    for z, found in zip(points, own, strict=True):
        expected = edit_bank(tiny.axes, names, z)[0].directions
        assert found == [[one.start, one.low, one.high] for one in expected]


COLOUR = """
const { coordinates, ramp } = await import(process.argv[1]);
const { mu, vector } = JSON.parse(process.argv[2]);
const { codes, low, high } = ramp(coordinates(Float32Array.from(mu), vector));
console.log(JSON.stringify({ codes: [...codes], low, high }));
"""


def test_the_browser_colours_a_direction_as_the_app_does(site: Path, tiny: OpenModel) -> None:
    assert tiny.atlas is not None
    mu = tiny.atlas.mu.astype(np.float32)
    base = next((site / "facespace" / "page").iterdir())
    for direction in (tiny.banks[0].directions[0], tiny.banks[1].directions[2]):
        sent = json.dumps({"mu": mu.ravel().tolist(), "vector": direction.vector.tolist()})
        own = json.loads(node(COLOUR, (base / "site" / "direction_colours.mjs").resolve().as_uri(), sent))
        app = value_colouring("x", coordinates(mu, direction.vector), "sd", centre=0.0)
        codes = np.frombuffer(module._published(app.url), "u1")
        assert np.abs(codes.astype(int) - own["codes"]).max() <= 1  # a value at the edge of two
        assert (codes != own["codes"]).mean() < 0.02
        assert (own["low"], own["high"]) == (app.low, app.high)


def test_the_folders_own_module_unpacks_its_libraries_and_its_decoder(site: Path, tiny: OpenModel) -> None:
    base = next((site / "facespace" / "page").iterdir())
    decoder = site / given(site, "pad")["decoderUrl"]
    libraries = (frontend.FROM_NPM[1], frontend.PLOTLY)
    packed = [base / "vendor" / f"{name}.xz" for name in libraries] + [decoder]
    addresses = [path.resolve().as_uri() for path in (base / "page" / "fetched.mjs", *packed)]
    said = node(UNPACK, *addresses).split()
    whole = [(frontend.ASSETS / name).read_bytes() for name in libraries]
    path = decoder_file(tiny)
    assert path is not None
    whole.append(round_weights(path.read_bytes()))
    assert said == [hashlib.sha256(data).hexdigest() for data in whole]


def test_the_pad_stands_on_the_first_face_as_in_the_app_without_server_and_original(
    site: Path, tiny: OpenModel
) -> None:
    pad, point = given(site, "pad"), Point()
    z = point.z(tiny)
    assert z is not None
    assert (pad["server"], pad["beside"], pad["picture"]) == (False, None, None)
    banks = pad_input(tiny, point, z, "pad", Arrival(), PadOnPage()).sliders.banks
    assert [_names(bank) for bank in banks] == [[d["key"] for d in bank["directions"]] for bank in pad["banks"]]
    assert given(site, "map")["point"] == {"id": "row 0", "row": 0}


def _names(bank: Bank) -> list[str]:
    return [direction.key for direction in bank.directions]


def test_licences_are_in_it_and_it_is_made_anew_but_never_over_something_else(
    site: Path, tiny: OpenModel, tmp_path: Path
) -> None:
    assert "non-commercial" in (site / "LICENSE-weights.md").read_text(encoding="utf-8")
    assert (site / "LICENSE-onnxruntime-web.txt").is_file()
    (site / "old.txt").write_text("of an earlier run")
    written = module.write_site(explore(tiny), site)
    assert not (site / "old.txt").exists()
    assert written.total == sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(SiteError, match="holds something else"):
        module.write_site(explore(tiny), tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_a_model_that_is_not_there_is_named_with_those_that_are(
    door: Callable[[list[str]], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door([str(tmp_path / "site"), "--model", "nobody"]) == 2
    assert "there is no model nobody. There are: ae, vae" in capsys.readouterr().err


def test_the_lesson_has_its_chapters_by_their_names(
    door: Callable[[list[str]], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door([str(tmp_path / "site"), "--chapters", "nothing"]) == 2
    assert "the lesson has no chapter nothing. It has: autoencoder, dataset" in capsys.readouterr().err


def test_bold_type_is_the_only_markup_and_the_rest_is_shown_as_it_is() -> None:
    assert as_html("**128** numbers < 3 & more") == "<strong>128</strong> numbers &lt; 3 &amp; more"
