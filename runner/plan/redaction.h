#pragma once

#include "core/json.h"
#include "runner/plan/sensitive_values.h"

namespace slipway::runner {

/// Takes the sensitive values out of parts of plan JSON, by the format's conventions rather than by a list of
/// its sections, so that a section which a later Terraform adds is redacted too: `x_sensitive` or
/// `sensitive_x` masks its neighbor `x`; `sensitive: true` covers `value`, `default` and `constant_value`
/// beside and below it.
class Redaction {
 public:
  explicit Redaction(SensitiveValues& known) : known_(known) {}

  /// Remembers what the part's masks cover.
  void learn(const Json& part);
  /// Replaces by null what the masks cover and what is known.
  void clean(Json& part);
  /// The same for a value that is sensitive as a whole, or has no mask.
  void clean_sensitive(Json& value);
  void clean_value(Json& value);

 private:
  SensitiveValues& known_;
};

}  // namespace slipway::runner
