#pragma once

#include "core/json.h"
#include "core/plan_value.h"
#include "core/secret.h"
#include "runner/plan/sensitive_values.h"

#include <string>

namespace slipway::runner {

/// A mask is shaped like the value beside it, with `true` for the parts it covers; it covers all below a
/// `true`.
bool covers_any(const Json& mask);

/// Folds a value of plan JSON with its two masks into a PlanValue.
class ValueReader {
 public:
  ValueReader(const SensitiveValues& known, Secret tag_key) : known_(known), tag_key_(std::move(tag_key)) {}

  /// Terraform leaves out, or writes as null, what is unknown. Where a mask and its value differ in shape,
  /// the mask covers the whole: rather too much is hidden than too little.
  PlanValue read(const Json& value, const Json& unknown, const Json& sensitive) const;
  /// Without masks: only what is known to be sensitive is hidden.
  PlanValue read(const Json& value) const { return read(value, false, false); }
  /// Where everything in it is sensitive.
  PlanValue read_sensitive(const Json& value) const { return read(value, false, true); }

  /// Which key made the tags: digests that hold tags can be compared only under one key.
  std::string key_id() const;

 private:
  PlanValue read_object(const Json& value, const Json& unknown, const Json& sensitive) const;
  PlanValue read_list(const Json& value, const Json& unknown, const Json& sensitive) const;
  PlanValue hidden(const Json& value, const Json& unknown) const;

  const SensitiveValues& known_;
  Secret tag_key_;
};

}  // namespace slipway::runner
