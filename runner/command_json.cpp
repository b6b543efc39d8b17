#include "runner/command_json.h"

#include "core/crypto.h"
#include "core/json_reader.h"

namespace slipway::runner {
namespace {

Json to_json(const SandboxLimits& limits) {
  return Json::object({{"wall", static_cast<std::int64_t>(limits.wall.count())},
                       {"memory", limits.memory},
                       {"processes", static_cast<std::int64_t>(limits.processes)},
                       {"file_size", limits.file_size},
                       {"open_files", static_cast<std::int64_t>(limits.open_files)},
                       {"grace", static_cast<std::int64_t>(limits.grace.count())}});
}

SandboxLimits limits_from_json(const JsonReader& json) {
  SandboxLimits limits;
  limits.wall = std::chrono::seconds(json["wall"].integer());
  limits.memory = static_cast<std::uint64_t>(json["memory"].integer());
  limits.processes = static_cast<std::uint32_t>(json["processes"].integer());
  limits.file_size = static_cast<std::uint64_t>(json["file_size"].integer());
  limits.open_files = static_cast<std::uint32_t>(json["open_files"].integer());
  limits.grace = std::chrono::seconds(json["grace"].integer());
  return limits;
}

}  // namespace

Json to_json(const SandboxCommand& command) {
  Json json = Json::object({{"argv", Json::array()},
                            {"environment", Json::object()},
                            {"directory", command.directory},
                            {"binds", Json::array()},
                            {"limits", to_json(command.limits)},
                            {"own_user", command.own_user},
                            {"host", command.host}});
  for (const auto& argument : command.argv) json["argv"].push_back(argument);
  for (const auto& [name, value] : command.environment) json["environment"][name] = to_base64(value);
  for (const auto& bind : command.binds) {
    json["binds"].push_back(
        Json::object({{"host", bind.host}, {"inside", bind.inside}, {"writable", bind.writable}}));
  }
  return json;
}

SandboxCommand command_from_json(const Json& json) {
  const JsonReader in(json);
  SandboxCommand command;
  for (const auto& argument : in["argv"].items()) command.argv.push_back(argument.string());
  for (const auto& [name, value] : in["environment"].members()) {
    command.environment.emplace(name, from_base64(value.string()));
  }
  command.directory = in["directory"].string();
  for (const auto& bind : in["binds"].items()) {
    command.binds.push_back({bind["host"].string(), bind["inside"].string(), bind["writable"].boolean()});
  }
  command.limits = limits_from_json(in["limits"]);
  command.own_user = in["own_user"].boolean();
  command.host = in["host"].string();
  return command;
}

}  // namespace slipway::runner
