#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "core/plan.h"
#include "core/state_version.h"
#include "core/verdict.h"

#include <optional>
#include <string>
#include <vector>

namespace slipway {

/// What a plan was made from: equal inputs are what lets the saved plan be applied after the merge (design.md
/// §4).
struct PlanInputs {
  Sha merge_tree;            // of base and head merged in memory
  std::string files_digest;  // of what the plan may read
  std::string tool;          // "terraform 1.11.4"
  std::string lock_digest;   // of the lock file that init left
  std::string variables_digest;
  std::string policies_digest;
  StateSerial state;
  std::string scripts_digest = {};  // of what provisioners may run; empty: it changes nothing that has one
  bool operator==(const PlanInputs&) const = default;
};

/// A plan as it is kept: immutable but for `shown_at` and the overrides in `verdicts`.
struct PlanRecord {
  PlanId id;
  ChangeId change;
  RunId run;
  Sha head;
  Sha base;
  PlanInputs inputs;
  std::string plan_sha256;  // of the plan file: checked before it is applied
  std::string semantic_digest;
  std::vector<std::string> destroys;        // addresses destroyed or replaced
  std::vector<std::string> change_digests;  // of resources and outputs, sorted: the subset rule compares them
  PlanCounts counts;
  std::vector<std::string> flags;  // extra Terraform arguments: such a plan is applied by comment only
  bool complete = true;
  std::vector<Verdict> verdicts;
  std::string sandbox;  // the level it ran at, in words
  Time made{};
  Time expires{};
  std::optional<Time> shown_at;  // when the comment that shows it was accepted by the forge
  // Blobs, by digest; all sealed:
  std::string plan_file;
  std::string materials;  // lock file and module contents, exactly as the plan had them
  std::string summary;    // Plan as JSON
  bool operator==(const PlanRecord&) const = default;
};

Json to_json(const PlanRecord& record);
Result<PlanRecord> plan_record_from_json(const Json& json);

}  // namespace slipway
