#pragma once

#include "core/plan.h"
#include "runner/digest.h"
#include "runner/plan/change_reader.h"
#include "runner/plan/configuration.h"
#include "runner/plan/redaction.h"
#include "runner/plan/walk.h"
#include "runner/plan_reader.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace slipway::runner {

/// What readings of one plan have found to be sensitive: a later one knows what an earlier one learned too
/// late.
struct Sensitivities {
  SensitiveValues values;
  std::set<std::string>
      inputs;  // "module.a.password": sensitive variables of modules that are given constants
  std::set<std::string> attributes;  // "hci_instance.db.password": of resources, as their masks say
};

/// One reading of plan JSON: collects the plan, and gives the parts back without what is sensitive in them.
/// Throws JsonMismatch where the format is not kept.
class Reading final : public PlanParts {
 public:
  Reading(Sensitivities& sensitive, const PlanReadOptions& options);

  std::optional<Json> part(const PlanPlace& place, Json part) override;
  Json::Object last() override;

  /// A constant had been written before it was known to be sensitive.
  bool knows_more() const { return knows_more_; }
  Plan take();

 private:
  void read(const PlanPlace& place, const Json& part);
  void read_scalar(const std::string& name, const JsonReader& in);
  void add_change(const JsonReader& in);
  void add_drift(const JsonReader& in);
  void add_body(ResourceChange& change);
  void note_sensitive_attributes(const ResourceChange& change, const JsonReader& in);
  void configure(const PlanPlace& place, Json& part);

  Sensitivities& sensitive_;
  Redaction redaction_;
  ValueReader values_;
  ChangeDigests digests_;
  Configuration configuration_;
  Plan plan_;
  Json variables_;
  std::set<std::string> sensitive_variables_;  // of the root
  std::set<std::string> constant_inputs_;
  bool versioned_ = false;
  bool configured_ = false;
  bool knows_more_ = false;
  std::size_t bodies_ = 0;
  std::size_t body_bytes_ = 0;
};

}  // namespace slipway::runner
