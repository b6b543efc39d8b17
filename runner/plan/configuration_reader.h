#pragma once

#include "core/json.h"
#include "runner/plan/configuration.h"
#include "runner/plan/sensitivities.h"
#include "runner/plan/walk.h"

#include <set>
#include <string>
#include <vector>

namespace slipway::runner {

/// Reads the parts of "configuration", and takes out of them the constants that masks can't name: those given
/// to sensitive attributes and to sensitive variables.
class ConfigurationReader {
 public:
  explicit ConfigurationReader(Sensitivities& sensitive) : sensitive_(sensitive) {}

  void read(const PlanPlace& place, Json& part);

  /// One was read that had not been known to be sensitive when its constant was.
  bool knows_more() const { return knows_more_; }
  /// Is this variable of the root to be hidden? Every one, as long as no configuration tells.
  bool hides_variable(const std::string& name) const {
    return !configured_ || sensitive_variables_.contains(name);
  }
  const Configuration& configuration() const { return configuration_; }
  Configuration& configuration() { return configuration_; }

 private:
  void read_inputs(const std::string& module, Json& expressions);
  void read_resource(const std::string& module, Json& resource);
  void read_sensitive_variable(const std::string& module, const std::string& name);

  Sensitivities& sensitive_;
  Configuration configuration_;
  std::set<std::string> sensitive_variables_;
  std::set<std::string> constant_inputs_;
  bool configured_ = false;
  bool knows_more_ = false;
};

}  // namespace slipway::runner
