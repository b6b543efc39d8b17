#pragma once

#include "core/json.h"
#include "runner/digest.h"
#include "runner/plan/value_reader.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace slipway::runner {

/// What `configuration` in plan JSON says about resources: how their provider is set up and which
/// provisioners they have. Expressions stand there as constants or as names of what they refer to; the values
/// of root variables that they refer to belong to what is digested, and where a reference cannot be followed
/// (a local value, a module's variable), those of all root variables: then too many plans are called
/// different, never too few.
class Configuration {
 public:
  void add_provider(const std::string& key, const Json& provider);
  /// `module` is "module.a.module.b", empty for the root.
  void add_resource(std::string_view module, const Json& resource);
  /// The root variables, once.
  void add_variables(std::map<std::string, PlanValue> values) { variables_ = std::move(values); }

  Surroundings of(const ResourceChange& change) const;

 private:
  struct Resource {
    std::string provider;
    Json provisioners;
  };
  std::string digest_of(std::string_view module, const Json& expressions) const;

  std::map<std::string, Json> providers_;
  std::unordered_map<std::string, Resource> resources_;
  std::map<std::string, PlanValue> variables_;
  mutable std::map<std::string, std::string> provider_digests_;
};

}  // namespace slipway::runner
