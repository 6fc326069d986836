"""CelebA's 40 attributes: their names in the label file and the plain names that people read."""

from __future__ import annotations

ATTRIBUTES = (
    "5_o_Clock_Shadow", "Arched_Eyebrows", "Attractive", "Bags_Under_Eyes", "Bald", "Bangs", "Big_Lips", "Big_Nose",
    "Black_Hair", "Blond_Hair", "Blurry", "Brown_Hair", "Bushy_Eyebrows", "Chubby", "Double_Chin", "Eyeglasses",
    "Goatee", "Gray_Hair", "Heavy_Makeup", "High_Cheekbones", "Male", "Mouth_Slightly_Open", "Mustache",
    "Narrow_Eyes", "No_Beard", "Oval_Face", "Pale_Skin", "Pointy_Nose", "Receding_Hairline", "Rosy_Cheeks",
    "Sideburns", "Smiling", "Straight_Hair", "Wavy_Hair", "Wearing_Earrings", "Wearing_Hat", "Wearing_Lipstick",
    "Wearing_Necklace", "Wearing_Necktie", "Young",
)  # fmt: skip
"""In the order of the official `list_attr_celeba.txt`, which is the order of the classifier's outputs."""

JUDGING = ("Attractive", "Big_Lips", "Big_Nose", "Chubby", "Double_Chin", "Narrow_Eyes")
"""Attributes that pass judgement on looks: offered by no slider and no map, and never read off a visitor's own face."""


def plain_name(attribute: str) -> str:
    """The name to show: "5_o_Clock_Shadow" becomes "5 o'clock shadow", "Wearing_Hat" becomes "Wearing hat"."""
    words = attribute.replace("5_o_Clock", "5 o'clock").replace("_", " ")
    return words[0] + words[1:].lower()
