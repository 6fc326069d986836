"""What `follow_presenter` tells the browser, as JSON. `message.d.ts` says the same to the browser's modules."""

from __future__ import annotations

from typing import TypedDict


class FollowMessage(TypedDict):
    """The chapter on screen here; it answers with the chapter that is presented in another window."""

    base: str
    chapter: str
