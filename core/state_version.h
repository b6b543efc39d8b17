#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "core/machine.h"

#include <cstdint>
#include <string>
#include <vector>

namespace slipway {

/// Where a Terraform state stands. No state yet: lineage "" and serial 0.
struct StateSerial {
  std::string lineage;
  std::int64_t serial = 0;
  bool operator==(const StateSerial&) const = default;
};

/// One recorded version of a state, with who made it, by what, and why.
struct StateVersion {
  std::int64_t id = 0;  // given by the Store
  StateKey key;
  StateSerial serial;
  std::string digest;  // SHA-256 of the state's bytes, hex; also the name of its blob
  std::string terraform_version;
  std::size_t resources = 0;
  RunId run;           // that made it; empty when found
  std::string actor;   // "alice", by merge or command; "found" at first sight
  std::string reason;  // "#12 Add two web servers"
  PullId pull;
  Sha commit;
  Time at{};
  std::vector<Machine> machines;  // computed from it by the `machines:` mapping
  std::string mapping;            // digest of the mapping that computed them
};

}  // namespace slipway
