"""What CelebA's attributes are called: as a slider's name, and in a list of words such as "glasses, smiling"."""

from __future__ import annotations

from app.texts import N_, _
from models.data.attributes import plain_name

NAMES = {
    "5_o_Clock_Shadow": N_("5 o'clock shadow"),
    "Arched_Eyebrows": N_("Arched eyebrows"),
    "Attractive": N_("Attractive"),
    "Bags_Under_Eyes": N_("Bags under eyes"),
    "Bald": N_("Bald"),
    "Bangs": N_("Bangs"),
    "Big_Lips": N_("Big lips"),
    "Big_Nose": N_("Big nose"),
    "Black_Hair": N_("Black hair"),
    "Blond_Hair": N_("Blond hair"),
    "Blurry": N_("Blurry"),
    "Brown_Hair": N_("Brown hair"),
    "Bushy_Eyebrows": N_("Bushy eyebrows"),
    "Chubby": N_("Chubby"),
    "Double_Chin": N_("Double chin"),
    "Eyeglasses": N_("Eyeglasses"),
    "Goatee": N_("Goatee"),
    "Gray_Hair": N_("Gray hair"),
    "Heavy_Makeup": N_("Heavy makeup"),
    "High_Cheekbones": N_("High cheekbones"),
    "Male": N_("Male"),
    "Mouth_Slightly_Open": N_("Mouth slightly open"),
    "Mustache": N_("Mustache"),
    "Narrow_Eyes": N_("Narrow eyes"),
    "No_Beard": N_("No beard"),
    "Oval_Face": N_("Oval face"),
    "Pale_Skin": N_("Pale skin"),
    "Pointy_Nose": N_("Pointy nose"),
    "Receding_Hairline": N_("Receding hairline"),
    "Rosy_Cheeks": N_("Rosy cheeks"),
    "Sideburns": N_("Sideburns"),
    "Smiling": N_("Smiling"),
    "Straight_Hair": N_("Straight hair"),
    "Wavy_Hair": N_("Wavy hair"),
    "Wearing_Earrings": N_("Wearing earrings"),
    "Wearing_Hat": N_("Wearing hat"),
    "Wearing_Lipstick": N_("Wearing lipstick"),
    "Wearing_Necklace": N_("Wearing necklace"),
    "Wearing_Necktie": N_("Wearing necktie"),
    "Young": N_("Young"),
}
WORDS = {
    "5_o_Clock_Shadow": N_("5 o'clock shadow"),
    "Arched_Eyebrows": N_("arched eyebrows"),
    "Attractive": N_("attractive"),
    "Bags_Under_Eyes": N_("bags under eyes"),
    "Bald": N_("bald"),
    "Bangs": N_("bangs"),
    "Big_Lips": N_("big lips"),
    "Big_Nose": N_("big nose"),
    "Black_Hair": N_("black hair"),
    "Blond_Hair": N_("blond hair"),
    "Blurry": N_("blurry"),
    "Brown_Hair": N_("brown hair"),
    "Bushy_Eyebrows": N_("bushy eyebrows"),
    "Chubby": N_("chubby"),
    "Double_Chin": N_("double chin"),
    "Eyeglasses": N_("glasses"),
    "Goatee": N_("goatee"),
    "Gray_Hair": N_("gray hair"),
    "Heavy_Makeup": N_("heavy makeup"),
    "High_Cheekbones": N_("high cheekbones"),
    "Male": N_("male"),
    "Mouth_Slightly_Open": N_("mouth slightly open"),
    "Mustache": N_("mustache"),
    "Narrow_Eyes": N_("narrow eyes"),
    "No_Beard": N_("no beard"),
    "Oval_Face": N_("oval face"),
    "Pale_Skin": N_("pale skin"),
    "Pointy_Nose": N_("pointy nose"),
    "Receding_Hairline": N_("receding hairline"),
    "Rosy_Cheeks": N_("rosy cheeks"),
    "Sideburns": N_("sideburns"),
    "Smiling": N_("smiling"),
    "Straight_Hair": N_("straight hair"),
    "Wavy_Hair": N_("wavy hair"),
    "Wearing_Earrings": N_("earrings"),
    "Wearing_Hat": N_("hat"),
    "Wearing_Lipstick": N_("lipstick"),
    "Wearing_Necklace": N_("necklace"),
    "Wearing_Necktie": N_("necktie"),
    "Young": N_("young"),
}


def attribute_name(attribute: str) -> str:
    """The name of an attribute in the reader's language, with a capital; an own one's plain name, which is nobody's."""
    return _(NAMES.get(attribute) or plain_name(attribute))


def attribute_word(attribute: str) -> str:
    """An attribute as one says it of a group of faces, in the reader's language: "glasses", "blond hair"."""
    plain = plain_name(attribute)
    return _(WORDS.get(attribute) or plain[0].lower() + plain[1:])
