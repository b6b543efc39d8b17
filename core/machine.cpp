#include "core/machine.h"

#include "core/json_reader.h"

namespace slipway {
namespace {

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
    machine.exporters.push_back({item["port"].integer(), item["job"].string_or(""), item["scheme"].string_or(""),
                                 item["metrics_path"].string_or(""), labels_of(item["labels"])});
  }
  machine.labels = labels_of(in["labels"]);
  machine.resource = in["resource"].string_or("");
  return machine;
}

}  // namespace slipway
