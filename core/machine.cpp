#include "core/machine.h"

#include "core/json_reader.h"

#include <arpa/inet.h>

#include <algorithm>

namespace slipway {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035

// Not <cctype>: what counts as a letter must not depend on the locale.
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

/// Wider than RFC 1123, which knows no "_": virtual machines have it in their names.
bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxHostName || !is_letter_or_digit(text[0])) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

Json to_json(const std::map<std::string, std::string>& labels) {
  Json::Object out;
  for (const auto& [name, value] : labels) out.emplace(name, value);
  return out;
}

std::map<std::string, std::string> labels_of(const JsonReader& in) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : in.members_or_none()) out.emplace(name, value.string());
  return out;
}

}  // namespace

Json Machine::to_json() const {
  Json::Array group_list(groups.begin(), groups.end());
  Json::Array exporter_list;
  for (const Exporter& exporter : exporters) {
    exporter_list.push_back(Json::object({{"port", exporter.port},
                                          {"job", exporter.job},
                                          {"scheme", exporter.scheme},
                                          {"metrics_path", exporter.metrics_path},
                                          {"labels", slipway::to_json(exporter.labels)}}));
  }
  return Json::object({{"name", name},
                       {"address", address},
                       {"groups", std::move(group_list)},
                       {"variables", variables},
                       {"exporters", std::move(exporter_list)},
                       {"labels", slipway::to_json(labels)},
                       {"resource", resource}});
}

Machine Machine::from_json(const Json& json) {
  const JsonReader in(json);
  Machine machine;
  machine.name = in["name"].string();
  machine.address = in["address"].string_or("");
  for (const auto& group : in["groups"].items_or_none()) machine.groups.push_back(group.string());
  if (!in["variables"].empty()) machine.variables = in["variables"].value();
  for (const auto& item : in["exporters"].items_or_none()) {
    machine.exporters.push_back({item["port"].integer(), item["job"].string_or(""),
                                 item["scheme"].string_or(""), item["metrics_path"].string_or(""),
                                 labels_of(item["labels"])});
  }
  machine.labels = labels_of(in["labels"]);
  machine.resource = in["resource"].string_or("");
  return machine;
}

bool is_machine_name(std::string_view text) {
  return is_host_name(text) && text != "all" && text != "ungrouped";
}

bool is_address(std::string_view text) {
  if (is_host_name(text)) return true;  // and so is IPv4
  in6_addr ignored{};
  const std::string copy(text);
  return copy.find('\0') == std::string::npos && inet_pton(AF_INET6, copy.c_str(), &ignored) == 1;
}

bool is_label_name(std::string_view text) {
  if (text.empty() || is_digit(text[0]) || text.substr(0, 2) == "__") return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

}  // namespace slipway
