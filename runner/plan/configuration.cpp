#include "runner/plan/configuration.h"

#include "core/crypto.h"
#include "runner/plan/attribute_path.h"

namespace slipway::runner {
namespace {

std::string text_of(const Json& object, std::string_view key) {
  const Json* member = object.find(key);
  return member != nullptr && member->is_string() ? member->string() : std::string();
}

std::string full_address(std::string_view module, const std::string& address) {
  return module.empty() ? address : std::string(module) + "." + address;
}

std::string module_of(std::string_view address) {
  std::string module;
  const auto words = address_words(address);
  for (std::size_t i = 0; i + 1 < words.size() && words[i] == "module"; i += 2)
    module += (module.empty() ? "module." : ".module.") + words[i + 1];
  return module;
}

/// Every name in a "references" list at any depth.
void collect_references(const Json& expressions, std::set<std::string>& names) {
  if (expressions.is_array())
    for (const Json& item : expressions.array_items()) collect_references(item, names);
  if (!expressions.is_object()) return;
  for (const auto& [key, member] : expressions.object_members()) {
    if (key == "references" && member.is_array()) {
      for (const Json& name : member.array_items())
        if (name.is_string()) names.insert(name.string());
    } else {
      collect_references(member, names);
    }
  }
}

/// "var.site.region" refers to the variable "site".
std::string variable_in(std::string_view reference) {
  if (!reference.starts_with("var.")) return {};
  reference.remove_prefix(4);
  return std::string(reference.substr(0, reference.find_first_of(".[")));
}

/// What a resource says about itself, and where files lie: nothing that a variable could change.
bool is_followed(std::string_view reference) {
  return reference == "self" || reference.starts_with("self.") || reference == "path" ||
         reference.starts_with("path.");
}

}  // namespace

void Configuration::add_provider(const std::string& key, const Json& provider) {
  Json kept = provider;
  // Which versions are accepted is the lock file's matter.
  if (kept.is_object()) kept.object_members().erase("version_constraint");
  providers_[key] = std::move(kept);
}

void Configuration::add_resource(std::string_view module, const Json& resource) {
  const Json* provisioners = resource.find("provisioners");
  resources_[full_address(module, text_of(resource, "address"))] = {
      text_of(resource, "provider_config_key"), provisioners != nullptr ? *provisioners : Json()};
}

Surroundings Configuration::of(const ResourceChange& change) const {
  const std::string address = without_indexes(change.address);
  const auto found = resources_.find(address);
  if (found == resources_.end()) return {};
  const Resource& resource = found->second;
  Surroundings out;
  if (!resource.provisioners.is_null())
    out.provisioners = digest_of(module_of(address), resource.provisioners);
  const auto provider = providers_.find(resource.provider);
  if (provider == providers_.end()) return out;
  auto [digest, is_new] = provider_digests_.try_emplace(resource.provider);
  if (is_new) digest->second = digest_of(text_of(provider->second, "module_address"), provider->second);
  out.provider = digest->second;
  return out;
}

std::string Configuration::digest_of(std::string_view module, const Json& expressions) const {
  std::set<std::string> references;
  collect_references(expressions, references);
  Json values = Json::object();
  for (const std::string& reference : references) {
    if (is_followed(reference)) continue;
    const auto variable = module.empty() ? variables_.find(variable_in(reference)) : variables_.end();
    if (variable != variables_.end()) {
      values[variable->first] = variable->second.to_json();
    } else {
      for (const auto& [name, value] : variables_) values[name] = value.to_json();
    }
  }
  return sha256_hex(Json::object({{"expressions", expressions}, {"variables", std::move(values)}}).dump());
}

}  // namespace slipway::runner
