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

/// Who holds a state's lock, as Terraform tells it. What it does not tell is empty: some backends name the
/// lock alone, some not even that.
struct LockHolder {
  std::string id;
  std::string who;        // "alice@laptop"
  std::string operation;  // "OperationTypeApply"
  std::string since;      // as it is told
  bool operator==(const LockHolder&) const = default;
};

/// A state that an apply made and Terraform could not write where it belongs.
struct UnwrittenState {
  std::string blob;      // its name among the blobs, where it is kept for good; empty: all was written
  std::string lock;      // id of the lock that the apply could not give back, where Terraform tells it
  bool written = false;  // it was pushed back since
  std::string refusal;   // why it can't be; empty: it is being pushed back
  bool operator==(const UnwrittenState&) const = default;
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
