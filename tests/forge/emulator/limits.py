"""Rate limits: so many requests an hour for each user and, where a test asks for it, so many writes."""

import time
from collections import deque
from dataclasses import dataclass, field

HOUR, MINUTE = 3600, 60
CORE_LIMIT = 5000
ANONYMOUS_LIMIT = 60
ANONYMOUS = "anonymous"


@dataclass
class Allowance:
    limit: int
    used: int = 0
    resets_at: float = 0.0
    writes_a_minute: int | None = None  # None: unlimited. GitHub's own numbers are 80 and 500
    writes_an_hour: int | None = None
    writes: deque = field(default_factory=deque)  # when this hour's content was made


class Limits:
    """Callers hold the world's lock."""

    def __init__(self, clock=time.time):
        self._clock = clock
        self._of: dict[str, Allowance] = {}

    def of(self, who: str) -> Allowance:
        found = self._of.get(who)
        if found is None:
            found = self._of[who] = Allowance(ANONYMOUS_LIMIT if who == ANONYMOUS else CORE_LIMIT)
        now = self._clock()
        if now >= found.resets_at:
            found.used, found.resets_at = 0, now + HOUR
        while found.writes and found.writes[0] <= now - HOUR:
            found.writes.popleft()
        return found

    def take(self, who: str) -> bool:
        """Counts one request; False: it is one too many."""
        allowance = self.of(who)
        if allowance.used >= allowance.limit:
            return False
        allowance.used += 1
        return True

    def give_back(self, who: str) -> None:
        """A 304 costs nothing."""
        self.of(who).used -= 1

    def write(self, who: str) -> int | None:
        """Counts one request that makes content; seconds to wait where it is one too many."""
        allowance, now = self.of(who), self._clock()
        for window, limit in ((MINUTE, allowance.writes_a_minute), (HOUR, allowance.writes_an_hour)):
            recent = [at for at in allowance.writes if at > now - window] if limit is not None else []
            if limit is not None and len(recent) >= limit:
                return max(1, int(recent[0] + window - now) + 1)
        allowance.writes.append(now)
        return None

    def peak_writes(self, who: str, window: float) -> int:
        """The most content made within any `window` seconds of the last hour."""
        times, first, peak = list(self.of(who).writes), 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - window:
                first += 1
            peak = max(peak, last - first + 1)
        return peak

    def headers(self, who: str) -> list:
        allowance = self.of(who)
        return [("x-ratelimit-limit", str(allowance.limit)),
                ("x-ratelimit-remaining", str(max(0, allowance.limit - allowance.used))),
                ("x-ratelimit-used", str(allowance.used)),
                ("x-ratelimit-reset", str(int(allowance.resets_at))),
                ("x-ratelimit-resource", "core")]
