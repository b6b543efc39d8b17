#include "runner/plan/configuration_reader.h"

#include "core/json_reader.h"

namespace slipway::runner {
namespace {

std::string joined(const std::string& module, const std::string& name) {
  return module.empty() ? name : module + "." + name;
}

/// Where a part belongs: ["configuration", "root_module", "module_calls", "a", "module", "variables", "x"].
struct Belonging {
  std::string module;  // "module.a.module.b", empty for the root
  std::string kind;    // provider_config, resources, variables, …; of a module's call: inputs
  std::string name;    // of the variable, the provider's key, …
};

Belonging belonging_of(const std::vector<std::string>& path) {
  Belonging out;
  std::size_t at = path.size() > 1 && path[1] == "root_module" ? 2 : 1;
  for (; at + 1 < path.size() && path[at] == "module_calls"; at += 3) {
    out.module = joined(out.module, "module." + path[at + 1]);
    if (at + 2 >= path.size() || path[at + 2] == "module") continue;
    out.kind = path[at + 2] == "expressions" ? "inputs" : path[at + 2];
    return out;
  }
  if (at < path.size()) out.kind = path[at];
  if (at + 1 < path.size()) out.name = path[at + 1];
  return out;
}

void clear_constants(Json& expression) {
  if (expression.is_array())
    for (Json& item : expression.array_items()) clear_constants(item);
  if (!expression.is_object()) return;
  for (auto& [key, member] : expression.object_members()) {
    if (key == "constant_value")
      member = nullptr;
    else
      clear_constants(member);
  }
}

bool says_sensitive(const Json& object) {
  const Json* flag = object.find("sensitive");
  return flag != nullptr && *flag == Json(true);
}

}  // namespace

void ConfigurationReader::read(const PlanPlace& place, Json& part) {
  configured_ = true;
  if (!part.is_object()) return;
  const Belonging here = belonging_of(place.path);
  if (here.kind == "provider_config") {
    configuration_.add_provider(here.name, part);
  } else if (here.kind == "resources") {
    JsonReader(part, place.text())["address"].string();
    read_resource(here.module, part);
  } else if (here.kind == "inputs") {
    read_inputs(here.module, part);
  } else if (here.kind == "variables" && says_sensitive(part)) {
    read_sensitive_variable(here.module, here.name);
  }
}

void ConfigurationReader::read_inputs(const std::string& module, Json& expressions) {
  for (auto& [input, expression] : expressions.object_members()) {
    const Json* constant = expression.find("constant_value");
    if (constant == nullptr) continue;
    const std::string name = joined(module, input);
    constant_inputs_.insert(name);
    if (!sensitive_.inputs.contains(name)) continue;
    sensitive_.values.learn(*constant);
    clear_constants(expression);
  }
}

void ConfigurationReader::read_resource(const std::string& module, Json& resource) {
  configuration_.add_resource(module, resource);
  const std::string address = joined(module, resource.find("address")->string());
  const auto expressions = resource.object_members().find("expressions");
  if (expressions == resource.object_members().end() || !expressions->second.is_object()) return;
  const bool hides_all = sensitive_.attributes.contains(address + ".*");
  for (auto& [attribute, expression] : expressions->second.object_members())
    if (hides_all || sensitive_.attributes.contains(joined(address, attribute))) clear_constants(expression);
}

void ConfigurationReader::read_sensitive_variable(const std::string& module, const std::string& name) {
  if (module.empty()) sensitive_variables_.insert(name);
  const std::string input = joined(module, name);
  if (constant_inputs_.contains(input) && sensitive_.inputs.insert(input).second) knows_more_ = true;
}

}  // namespace slipway::runner
