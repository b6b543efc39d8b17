#pragma once

#include "hooks/hook.h"

#include <memory>

namespace slipway::hooks {

/// POSTs each event as JSON to `url`, signed with `secret`:
///
///   X-Slipway-Event: machine.created | machine.changed | machine.replaced | machine.destroyed
///   X-Slipway-Timestamp: seconds since 1970, as in the body, so that a receiver can refuse what is old
///   X-Slipway-Signature-256: sha256=HEX, the HMAC-SHA256 of the raw body (as GitHub signs its webhooks)
///   Idempotency-Key: the same for each attempt of one event
///
///   {"event", "key", "sent", "attempt", "machine", "before",
///    "state": {"forge", "repo", "dir", "workspace", "lineage", "serial", "terraform_version"},
///    "cause": {"actor", "reason", "pull", "commit", "run", "at"}}
///
/// Any 2xx is an answer. 408, 425, 429 and 5xx are tried again, not before Retry-After; anything else is
/// final. Redirects are not followed.
void check_http(const Settings& settings);
std::unique_ptr<Hook> make_http(const Settings& settings, const HookTools& tools);

}  // namespace slipway::hooks
