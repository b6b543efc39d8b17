#include "hooks/ansible_inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace slipway::hooks {
namespace {

constexpr std::array<std::string_view, 12> kHarmless = {
    "ansible_host",        "ansible_port",          "ansible_user",         "ansible_become",
    "ansible_become_user", "ansible_become_method", "ansible_network_os",   "ansible_python_interpreter",
    "ansible_shell_type",  "ansible_winrm_port",    "ansible_winrm_scheme", "ansible_winrm_transport"};
constexpr std::array<std::string_view, 7> kRemote = {"ssh",         "paramiko", "winrm",  "psrp",
                                                     "network_cli", "httpapi",  "netconf"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool may_steer(std::string_view name, const Json& value) {
  if (!name.starts_with("ansible_")) return true;
  if (name == "ansible_connection") return value.is_string() && contains(kRemote, value.string());
  return contains(kHarmless, name);
}

bool is_template(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos ||
         text.find("{#") != std::string_view::npos;
}

/// The members by which Ansible's own JSON says what a value is: only we write them.
bool is_marker(std::string_view name) { return name.starts_with("__ansible_"); }

Json literal(const Json& value) {
  if (value.is_string() && is_template(value.string())) return Json::object({{"__ansible_unsafe", value}});
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& item : value.array_items()) out.push_back(literal(item));
    return out;
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [name, member] : value.object_members())
      if (!is_marker(name)) out[name] = literal(member);
    return out;
  }
  return value;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string group_name(std::string name) {
  std::replace_if(name.begin(), name.end(), [](char c) { return !is_letter_or_digit(c); }, '_');
  const bool begins_with_digit = name[0] >= '0' && name[0] <= '9';
  return begins_with_digit || name == "_meta" ? "_" + name : name;
}

bool is_variable(std::string_view name) {
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

Json labels_of(const Machine& machine) {
  Json out = Json::object();
  for (const auto& [name, value] : machine.labels) out[name] = literal(value);
  return out;
}

}  // namespace

Inventory::Inventory(const Estate& estate) {
  std::vector<const StateVersion*> versions;
  for (const StateVersion& version : estate) versions.push_back(&version);
  std::sort(versions.begin(), versions.end(), [](const StateVersion* a, const StateVersion* b) {
    return std::tie(a->key.repo, a->key.project.dir, a->key.project.workspace) <
           std::tie(b->key.repo, b->key.project.dir, b->key.project.workspace);
  });
  for (const StateVersion* version : versions)
    for (const Machine& machine : version->machines) add(*version, machine);
}

void Inventory::add(const StateVersion& version, const Machine& machine) {
  const auto report = [&](std::string_view what) {
    problems_.push_back(fmt::format("{} ({}): {}.", machine.name, machine.resource, what));
  };
  if (!is_machine_name(machine.name)) return report("this is no name of a host");
  if (hosts_.contains(machine.name)) return report("another machine has this name already");

  Json variables = Json::object();
  if (!machine.address.empty()) variables["ansible_host"] = machine.address;
  if (machine.variables.is_object()) {
    for (const auto& [name, value] : machine.variables.object_members()) {
      if (!is_variable(name)) {
        report(fmt::format("\"{}\" is no name of a variable", name));
      } else if (!may_steer(name, value)) {
        report(fmt::format(
            "{} is not taken from a state, since it could run commands on this side; set it in group_vars",
            name));
      } else {
        variables[name] = literal(value);
      }
    }
  }
  variables["slipway_repo"] = version.key.repo.path;
  variables["slipway_dir"] = version.key.project.dir;
  variables["slipway_workspace"] = version.key.project.workspace;
  variables["slipway_resource"] = literal(machine.resource);
  variables["slipway_labels"] = labels_of(machine);
  hosts_.emplace(machine.name, std::move(variables));

  for (const std::string& group : machine.groups) {
    if (group.empty() || group == "all" || group == "ungrouped") continue;  // Ansible fills these itself
    std::vector<std::string>& members = groups_[group_name(group)];
    if (!contains(members, machine.name)) members.push_back(machine.name);
  }
}

Json Inventory::list() const {
  Json out = Json::object();
  Json children = Json::array();
  children.push_back("ungrouped");
  std::map<std::string, bool> grouped;
  for (const auto& [name, members] : groups_) {
    children.push_back(name);
    for (const std::string& member : members) grouped[member] = true;
    out[name] = Json::object({{"hosts", Json(Json::Array(members.begin(), members.end()))}});
  }
  Json ungrouped = Json::array();
  for (const auto& [name, variables] : hosts_)
    if (!grouped.contains(name)) ungrouped.push_back(name);
  out["ungrouped"] = Json::object({{"hosts", std::move(ungrouped)}});
  out["all"] = Json::object({{"children", std::move(children)}});
  out["_meta"] = Json::object({{"hostvars", Json(Json::Object(hosts_.begin(), hosts_.end()))}});
  return out;
}

std::optional<Json> Inventory::host(const std::string& name) const {
  const auto found = hosts_.find(name);
  return found == hosts_.end() ? std::nullopt : std::optional<Json>(found->second);
}

Json Inventory::file() const {
  Json children = Json::object();
  for (const auto& [name, members] : groups_) {
    Json hosts = Json::object();
    for (const std::string& member : members) hosts[member] = Json();
    children[name] = Json::object({{"hosts", std::move(hosts)}});
  }
  return Json::object({{"all", Json::object({{"hosts", Json(Json::Object(hosts_.begin(), hosts_.end()))},
                                             {"children", std::move(children)}})}});
}

}  // namespace slipway::hooks
