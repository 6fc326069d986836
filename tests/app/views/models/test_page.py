"""The Models page on tiny checkpoints, in one process."""

import itertools
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import paths
from app.controls.glossary import TERMS as GLOSSARY
from app.views.models import page as models
from app.views.models.sections import in_lines
from models.checkpoint_files import open_files
from models.checkpoints import save_checkpoint
from models.config import ModelConfig
from models.faithful import keep_faithful
from models.networks import build_network
from tests.app.small_family import write_family, write_member
from tests.app.texts.pseudo import pseudo, untranslated
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
PAGE = """
from app.session.address import following
from app.views.models import page as models
with following(dict, lambda model: (), "colouring"):
    models.render()
"""


def shipped() -> list[tuple[str, str]]:
    """Keys of the checkpoints of the project itself, as many as a page shows at once."""
    root = Path(__file__).parents[4] / "checkpoints"
    keys = sorted(str(file.parent.relative_to(root)) for file in root.rglob("config.json"))
    return list(itertools.pairwise([*keys, keys[0]]))[::2]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Tiny `ae`, `vae`, a classifier and a family."""
    root = tmp_path_factory.mktemp("built") / "checkpoints"
    write_member(root / "ae", 22.5, kind="ae")
    write_member(root / "vae", 22.0, snapshots=0)
    save_checkpoint(build_network(ModelConfig("classifier", latent_dim=40, width=2)), root / "classifier", {})
    write_family(root / "family")
    return root


@pytest.fixture
def root(built, tmp_path, monkeypatch):
    shutil.copytree(built, tmp_path / "checkpoints")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    return tmp_path / "checkpoints"


def opened(cards: str | None = None) -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    if cards is not None:
        page.query_params["cards"] = cards
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    return "\n".join(e.value for kind in (page.markdown, page.caption, page.warning, page.info) for e in kind)


def test_the_page_shows_every_checkpoint_and_starts_with_the_first_two(root):
    assert set(models.TERMS) <= set(GLOSSARY)
    page = opened()
    assert [box.value for box in page.selectbox] == ["ae", "vae"]
    assert page.selectbox[0].options == [
        "AE", "VAE", "beta-0 (family)", "beta-0.1 (family)", "beta-1 (family)", "beta-10 (family)",
        "plain-ae (family)", "pixels (family)", "two-dimensions (family)", "classifier (reads attributes)",
    ]  # fmt: skip
    assert page.query_params["cards"] == "ae,vae"
    assert "The curve is monotone" in texts(page)
    assert "VAE kept no pictures of its training" in texts(page)
    assert "chapter on training shows such a time-lapse" in texts(page)
    assert not page.warning


@pytest.mark.parametrize("key", ["ae", "vae", "classifier", "family/beta-0", "family/two-dimensions"])
def test_each_kind_of_card_opens_from_its_address(root, key):
    page = opened(f"{key},family/beta-1")
    assert [box.value for box in page.selectbox] == [key, "family/beta-1"]
    assert page.query_params["cards"] == f"{key},family/beta-1"
    assert not page.warning
    commands = [re.sub(r" \\\n +", " ", code.value) for code in page.code if "train.py" in code.value]
    assert commands[-1].startswith("python train.py --data CELEBA --out checkpoints/family/beta-1 --kind vae")


def test_a_command_in_several_lines_is_the_same_to_a_shell():
    command = f"python train.py --out it {' '.join(f'--with-option-{i} {i}' for i in range(9))}"
    shown = in_lines(f"{command}  # stopped after epoch 1")
    assert shlex.split(shown.replace("\\\n", " "), comments=True) == shlex.split(command)
    *others, last = shown.splitlines()
    assert others
    assert all(len(line) <= 66 and line.endswith(" \\") for line in others)
    assert last.endswith("  # stopped after epoch 1")


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("cards", ["vae,classifier", "ae,family/beta-1"])
def test_nothing_of_a_card_is_untranslated(root, cards):
    family = ["beta", *(folder.name for folder in (root / "family").iterdir())]
    names = ["AE", "VAE", "PSNR", "SSIM", "AUC", "Fr\u00e9chet", "classifier", *family]
    assert untranslated(opened(cards), names) == []


def test_choosing_what_the_other_card_shows_exchanges_the_two(root):
    page = opened("ae,family/beta-1")
    page.selectbox[0].set_value("family/beta-1").run()
    assert [box.value for box in page.selectbox] == ["family/beta-1", "ae"]
    assert page.query_params["cards"] == "family/beta-1,ae"


def test_a_click_opens_the_second_card_and_one_on_an_open_card_does_nothing(root, monkeypatch):
    state = {models.CHOICES[0]: "family/beta-1", models.CHOICES[1]: "ae", "plot": {"selection": {"points": []}}}
    monkeypatch.setattr(models.st, "session_state", state)
    records = models.read_records()[0]
    models._clicked("plot", records)
    assert state[models.CHOICES[1]] == "ae"
    for found, then in (
        ("family/beta-1", "ae"),
        (["family/beta-10"], "family/beta-10"),
        ("nonsense", "family/beta-10"),
    ):
        state["plot"] = {"selection": {"points": [{"customdata": found}]}}
        models._clicked("plot", records)
        assert state[models.CHOICES[1]] == then


def test_a_model_with_two_decoders_has_a_table_of_the_way_between_them(root):
    files = open_files(root / "vae")
    keep_faithful(files, files)
    files = open_files(root / "vae")
    assert "evaluate.py checkpoints/vae --blend" in texts(opened("vae,ae"))
    stamps = {"checkpoint_sha256": files.sha256, "faithful_sha256": files.faithful_sha256}
    band = {"horizontal": 0.2, "vertical": 0.4}
    along = [
        {"vivid": 0.0, "psnr_db": 21.5, "perceptual": 0.26, "frechet": 20.0},
        {"vivid": 0.5, "psnr_db": 21.25, "perceptual": 0.255, "frechet": 17.5, "finest_band": band},
    ]
    (root / "vae" / "blend.json").write_text(json.dumps({**stamps, "along": along}))
    said = texts(opened("vae,ae"))
    assert "| 0 | 21.50 | 0.260 | 20.0 | - |" in said
    assert "| 0.5 | 21.25 | 0.255 | 17.5 | 30\N{NO-BREAK SPACE}% |" in said
    (root / "vae" / "blend.json").write_text(json.dumps({**stamps, "faithful_sha256": "another", "along": along}))
    assert "| 21.25 |" not in texts(opened("vae,ae"))


def test_nonsense_in_the_address_gets_a_sentence(root):
    page = opened("vae,../../etc,family/none")
    assert "a checkpoint that is not here" in page.warning[0].value
    assert [box.value for box in page.selectbox] == ["vae", "ae"]


def test_without_a_family_or_figures_or_history_the_page_says_so_and_goes_on(root):
    shutil.rmtree(root / "family")
    for name in ("metrics.json", "history.csv", "atlas.npz"):
        (root / "vae" / name).unlink()
    page = opened()
    assert any("family of small models" in info.value for info in page.info)
    for words in ("Not measured yet", "no training history", "no map to work it out from"):
        assert words in texts(page)


def test_damaged_figures_and_weights_get_a_sentence_and_the_rest_is_shown(root):
    sha256 = json.loads((root / "vae" / "config.json").read_text())["weights_sha256"]
    damaged = {"checkpoint_sha256": sha256, "psnr_db": 22, "gain_db_interval": ["a", "b"], "gain_db": 1,
               "generation": [1], "kl_nats_by_dimension": {"x": 1}}  # fmt: skip
    (root / "vae" / "metrics.json").write_text(json.dumps(damaged))
    (root / "ae" / "model.safetensors").write_bytes(b"torn")
    page = opened()
    said = [warning.value for warning in page.warning]
    assert any("hold something else than expected" in words for words in said)
    assert any("damaged" in words for words in said)
    assert "python train.py" in "".join(code.value for code in page.code)


def test_an_empty_place_is_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "checkpoints").mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    assert "train one with train.py" in opened().error[0].value


@pytest.mark.parametrize("keys", shipped(), ids=" and ".join)
def test_each_shipped_card_opens_without_a_warning(keys, monkeypatch):
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    page = opened(",".join(keys))
    assert tuple(box.value for box in page.selectbox[:2]) == keys
    assert any(title.value == "Origin" for title in page.header) or "Origin" in texts(page)
    assert not page.warning
    assert not page.error
