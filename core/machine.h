#pragma once

#include "core/json.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

/// A port of a machine where a program tells metrics.
struct Exporter {
  std::int64_t port = 0;
  std::string job;
  std::string scheme;        // empty: http
  std::string metrics_path;  // empty: /metrics
  std::map<std::string, std::string> labels;
  bool operator==(const Exporter&) const = default;
};

/// A server that a state holds, as `machines:` in the config maps it from a resource instance.
struct Machine {
  std::string name;
  std::string address;  // host name or IP; empty while not known
  std::vector<std::string> groups;
  Json variables = Json::object();
  std::vector<Exporter> exporters;
  std::map<std::string, std::string> labels;
  std::string resource;  // hci_instance.web[1]
  bool operator==(const Machine&) const = default;

  Json to_json() const;
  static Machine from_json(const Json& json);
};

enum class MachineEvent { Created, Changed, Replaced, Destroyed };

/// Letters, digits, ".", "_" and "-", the first one a letter or a digit: a host of an inventory, which no
/// program takes for an option, a pattern or a group.
bool is_machine_name(std::string_view text);
/// A host name or an IP address, version 6 without brackets.
bool is_address(std::string_view text);
/// A name that Prometheus takes for a label and doesn't keep for itself (those with "__" in front).
bool is_label_name(std::string_view text);

}  // namespace slipway
