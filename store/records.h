#pragma once

#include "core/change.h"
#include "core/clock.h"
#include "core/freeze.h"
#include "core/held_pull.h"
#include "core/ids.h"
#include "core/job.h"
#include "core/plan_record.h"
#include "core/secret.h"
#include "core/state_version.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slipway::store {

/// A webhook as it came in: body and the headers that may be kept.
struct Delivery {
  std::string id;  // the forge's unique id, or the body's digest
  std::string forge;
  std::string event;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  Time received{};
};
enum class Recorded { New, Seen, Failed };

/// A delivery with what became of it.
struct Received {
  Delivery delivery;
  std::int64_t sequence = 0;
  bool handled = false;
  std::string outcome;  // "ignored: …", "look at github/acme/infra#12"
};

using PullRow = HeldPull;

/// What we hold of a repository: the first sight of it takes its base branch as the baseline.
struct RepoRow {
  RepoId repo;
  std::string branch;
  Sha baseline;        // head at first sight
  Sha seen;            // head that the reconciler compared last
  Time pulls_since{};  // closed pull requests are asked for from here
  /// Every commit up to here came by a pull request that is held, or was taken up as a push; empty: `seen`.
  Sha accounted{};
  /// A rewritten branch counts the places of its commits from here, with this number; empty: the baseline, 0.
  Sha counted_from{};
  std::int64_t place = 0;
  Time seen_at{};  // when `seen` was seen first
};

struct RunRow {
  RunId id;
  ChangeId change;
  std::string kind;  // plan, apply, hook
  Sha commit;
  std::string actor;
  Time started{};
  std::optional<Time> ended;
  std::string outcome;  // ok, failed, stopped, lost
  std::string summary;
};

/// What was said: so that an edit finds its comment and nothing is said twice.
struct SaidRow {
  PullId pull;
  std::string slot;          // "sticky", or the key of a short comment
  std::int64_t comment = 0;  // the forge's id; 0: being created
  std::string digest;        // of the last body
  Time at{};
};

struct AuditRow {
  std::int64_t id = 0;
  Time at{};
  std::string actor;
  std::string action;   // apply.started, policy.overridden, …
  std::string subject;  // github/acme/infra#12 prod/web
  std::string detail;
};

/// Credentials of one run for one state of our http backend.
struct Grant {
  std::string token_digest;  // SHA-256 of the password, hex
  StateKey key;
  RunId run;
  bool may_write = false;
  std::int64_t fence = 0;
};

/// A lock of our http backend, as Terraform's LockInfo has it.
struct StateLock {
  StateKey key;
  std::string id;
  std::string info;  // the JSON Terraform sent
  RunId run;
  Time at{};
};

struct DeadJob {
  Job job;
  Time died{};
};

}  // namespace slipway::store
