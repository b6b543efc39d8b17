#pragma once

#include "bot/work/place.h"
#include "core/job.h"

#include <string>
#include <vector>

namespace slipway::work {

/// Who, what and why of a version.
struct Maker {
  RunId run;
  std::string actor;
  std::string reason;
  PullId pull;
  Sha commit;
};

/// A new version of a state, with every difference of its machines as a job of each hook: written in one
/// transaction.
struct StateRecord {
  std::optional<StateVersion> version;  // nothing: the state is what is recorded already
  std::optional<std::int64_t> mapped;  // an id whose machines are `version`'s: our backend recorded it before
  std::vector<NewJob> hooks;
  StateSerial serial;
};

/// `bytes` as `terraform state pull` gives them; empty: there is no state. `compared_to` is the version
/// before the run; nothing: the first that is known, whose machines are all new. Throws Failure when it is no
/// state.
StateRecord record_state(const Tools& tools, const StateKey& key, const std::string& bytes,
                         const Maker& maker, std::stop_token stop);
/// The state as it was found before the first apply: machines that exist already are no news.
void record_baseline(const Tools& tools, const StateKey& key, const std::string& bytes, std::stop_token stop);

void write(store::Transaction& rows, const StateRecord& record);

/// Digest of the `machines:` mapping: versions mapped by another are mapped again at start.
std::string mapping_digest(const config::Config& config);
/// Maps the newest versions anew where the mapping changed.
void map_again(const Tools& tools, std::stop_token stop);

}  // namespace slipway::work
