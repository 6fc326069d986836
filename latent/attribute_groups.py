"""CelebA's attributes in groups of what they are about, so that many sliders can be found."""

from __future__ import annotations

GROUPS = {
    "Expression": ("Smiling", "Mouth_Slightly_Open"),
    "Things worn": (
        "Eyeglasses", "Wearing_Hat", "Heavy_Makeup", "Wearing_Lipstick", "Wearing_Earrings", "Wearing_Necklace",
        "Wearing_Necktie",
    ),
    "Hair": (
        "Bald", "Bangs", "Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair", "Receding_Hairline", "Straight_Hair",
        "Wavy_Hair",
    ),
    "Beard": ("5_o_Clock_Shadow", "Goatee", "Mustache", "No_Beard", "Sideburns"),
    "Face": (
        "Male", "Young", "Arched_Eyebrows", "Attractive", "Bags_Under_Eyes", "Big_Lips", "Big_Nose", "Bushy_Eyebrows",
        "Chubby", "Double_Chin", "High_Cheekbones", "Narrow_Eyes", "Oval_Face", "Pale_Skin", "Pointy_Nose",
        "Rosy_Cheeks",
    ),
    "Picture": ("Blurry",),
}  # fmt: skip
OTHERS = "Others"
"""Attributes of somebody's own list."""


def group_of(attribute: str) -> str:
    """The group of an attribute."""
    return next((group for group, members in GROUPS.items() if attribute in members), OTHERS)


def place_of(attribute: str) -> int:
    """Where the group of an attribute stands among the groups: what is seen most easily comes first."""
    return [*GROUPS, OTHERS].index(group_of(attribute))
