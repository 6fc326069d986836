"""How often visitors may do what costs the computer something: counted in memory, over a window that moves along."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

__all__ = ["RateLimitItem", "limiter", "parse"]
limiter = MovingWindowRateLimiter(MemoryStorage())
