#pragma once

#include "core/plan.h"
#include "runner/digest.h"
#include "runner/plan/change_reader.h"
#include "runner/plan/configuration_reader.h"
#include "runner/plan/redaction.h"
#include "runner/plan/sensitivities.h"
#include "runner/plan/walk.h"
#include "runner/plan_reader.h"

#include <optional>

namespace slipway::runner {

/// One reading of plan JSON: collects the plan, and gives the parts back without what is sensitive in them.
/// Throws JsonMismatch where the format is not kept.
class Reading final : public PlanParts {
 public:
  Reading(Sensitivities& sensitive, const PlanReadOptions& options);

  std::optional<Json> part(const PlanPlace& place, Json part) override;
  Json::Object last() override;

  /// A constant had been written before it was known to be sensitive.
  bool knows_more() const { return configuration_.knows_more(); }
  Plan take();

 private:
  void read(const PlanPlace& place, const Json& part);
  void read_scalar(const std::string& name, const JsonReader& in);
  void add_change(const JsonReader& in);
  void add_drift(const JsonReader& in);
  void add_body(ResourceChange& change);
  void note_sensitive_attributes(const ResourceChange& change, const JsonReader& in);

  Sensitivities& sensitive_;
  Redaction redaction_;
  ValueReader values_;
  ChangeDigests digests_;
  ConfigurationReader configuration_;
  Plan plan_;
  Json variables_;
  bool versioned_ = false;
  std::size_t bodies_ = 0;
  std::size_t body_bytes_ = 0;
};

}  // namespace slipway::runner
