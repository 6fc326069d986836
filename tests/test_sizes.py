import pytest

from tests.sizes import FUNCTION_LINES, MODULE_LINES, PARAMETERS, too_large

LONG_LIST = ", ".join(f"a{i}" for i in range(PARAMETERS + 1))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1\n" * (MODULE_LINES + 1), "the module has 301 lines"),
        ("def f():\n" + "    x = 1\n" * FUNCTION_LINES, "f has 61 lines"),
        (f"def f({LONG_LIST}): pass\n", "f has 9 parameters"),
        (f"class A:\n    def f(self, *, {LONG_LIST}): pass\n", "f has 9 parameters"),
    ],
)
def test_what_a_reader_cannot_take_in_at_once_is_named(source, fault):
    assert [found.split(";")[0] for _, found in too_large(source)] == [fault]


def test_what_just_fits_is_left_alone():
    few = LONG_LIST.removesuffix(f", a{PARAMETERS}")
    fits = f"class A:\n    def f(self, {few}):\n" + "        x = 1\n" * (FUNCTION_LINES - 1)
    assert list(too_large(fits)) == []
