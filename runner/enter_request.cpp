#include "runner/enter_request.h"

#include "core/crypto.h"
#include "core/json_reader.h"

namespace slipway::runner {
namespace {

Json texts_to_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push_back(text);
  return out;
}

std::vector<std::string> texts_from_json(const JsonReader& json) {
  std::vector<std::string> out;
  for (const auto& item : json.items_or_none()) out.push_back(item.string());
  return out;
}

std::uint64_t number(const JsonReader& json) { return static_cast<std::uint64_t>(json.integer_or(0)); }

Json to_json(const ProcessLimits& limits) {
  return Json::object({{"address_space", limits.address_space},
                       {"cpu_seconds", limits.cpu_seconds},
                       {"file_size", limits.file_size},
                       {"open_files", limits.open_files},
                       {"processes", limits.processes}});
}

ProcessLimits limits_from_json(const JsonReader& json) {
  ProcessLimits limits;
  limits.address_space = number(json["address_space"]);
  limits.cpu_seconds = number(json["cpu_seconds"]);
  limits.file_size = number(json["file_size"]);
  limits.open_files = number(json["open_files"]);
  limits.processes = number(json["processes"]);
  return limits;
}

}  // namespace

Json EnterRequest::to_json() const {
  Json json = Json::object({{"program", program},
                            {"argv", texts_to_json(argv)},
                            {"environment", Json::object()},
                            {"directory", directory},
                            {"groups", Json::array()},
                            {"limits", runner::to_json(limits)},
                            {"report", report},
                            {"supervise", supervise},
                            {"parent", parent}});
  // A value may be any bytes but NUL; JSON is text.
  for (const auto& [name, value] : environment) json["environment"][name] = to_base64(value);
  for (const int group : groups) json["groups"].push_back(group);
  if (become) json["become"] = static_cast<std::int64_t>(*become);
  if (visible) {
    json["visible"] =
        Json::object({{"read", texts_to_json(visible->read)}, {"write", texts_to_json(visible->write)}});
  }
  return json;
}

EnterRequest EnterRequest::from_json(const Json& json) {
  const JsonReader reader(json);
  EnterRequest request;
  request.program = reader["program"].string();
  request.argv = texts_from_json(reader["argv"]);
  for (const auto& [name, value] : reader["environment"].members_or_none()) {
    request.environment.emplace(name, from_base64(value.string()));
  }
  request.directory = reader["directory"].string();
  for (const auto& group : reader["groups"].items_or_none()) {
    request.groups.push_back(static_cast<int>(group.integer()));
  }
  request.limits = limits_from_json(reader["limits"]);
  request.report = reader["report"].boolean_or(false);
  request.supervise = reader["supervise"].boolean_or(false);
  request.parent = reader["parent"].integer_or(0);
  if (!reader["become"].empty()) request.become = static_cast<std::uint32_t>(reader["become"].integer());
  if (!reader["visible"].empty()) {
    request.visible =
        VisiblePaths{texts_from_json(reader["visible"]["read"]), texts_from_json(reader["visible"]["write"])};
  }
  return request;
}

}  // namespace slipway::runner
