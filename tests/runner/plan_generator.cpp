#include "tests/runner/plan_generator.h"

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr const char* kActions[][2] = {{"no-op", ""},        {"create", ""}, {"read", ""},
                                       {"update", ""},       {"delete", ""}, {"delete", "create"},
                                       {"create", "delete"}, {"forget", ""}};
constexpr const char* kNames[] = {"name",      "size",  "disk",  "tags", "a.b",
                                  "sensitive", "value", "after", "größe"};

Json actions_json(const char* const (&actions)[2]) {
  Json::Array out = {Json(actions[0])};
  if (*actions[1] != '\0') out.emplace_back(actions[1]);
  return out;
}

}  // namespace

Json PlanGenerator::plan() {
  Json plan = Json::object({{"format_version", "1.2"}, {"terraform_version", "1.11.4"}});
  Json& changes = plan["resource_changes"] = Json::array();
  Json::Array configured;
  const std::size_t count = below(8);
  for (std::size_t i = 0; i < count; ++i) {
    changes.push_back(change(i));
    configured.push_back(Json::object({{"address", "hci_instance.r" + std::to_string(i)},
                                       {"provider_config_key", "hci"},
                                       {"expressions", Json::object()}}));
  }
  Masked output = value(0);
  plan["output_changes"]["out"] = Json::object({{"actions", Json::Array{"create"}},
                                                {"before", nullptr},
                                                {"after", output.value},
                                                {"after_unknown", output.unknown},
                                                {"before_sensitive", false},
                                                {"after_sensitive", output.sensitive}});
  Json& configuration = plan["configuration"];
  configuration["provider_config"]["hci"]["expressions"]["server"]["constant_value"] = "hci.example.com";
  configuration["root_module"]["resources"] = std::move(configured);
  configuration["root_module"]["variables"]["token"]["sensitive"] = true;
  plan["variables"]["token"]["value"] = secret();
  return plan;
}

Json PlanGenerator::change(std::size_t number) {
  const auto& actions = kActions[below(std::size(kActions))];
  const std::string action = actions[0];
  const bool replaces = *actions[1] != '\0';
  const bool makes = action == "create" && !replaces;
  const bool ends = action == "forget" || (action == "delete" && !replaces);
  const Masked before = makes || action == "read" ? Masked{} : attributes(0);
  const Masked after = action == "no-op" ? before : ends ? Masked{} : attributes(0);
  const std::string name = "r" + std::to_string(number);
  Json out = Json::object({{"address", "hci_instance." + name},
                           {"mode", action == "read" ? "data" : "managed"},
                           {"type", "hci_instance"},
                           {"name", name},
                           {"provider_name", "registry.example.com/acme/hci"}});
  out["change"] = Json::object({{"actions", actions_json(actions)},
                                {"before", before.value},
                                {"after", after.value},
                                {"after_unknown", action == "no-op" ? Json(false) : after.unknown},
                                {"before_sensitive", before.sensitive},
                                {"after_sensitive", after.sensitive}});
  return out;
}

PlanGenerator::Masked PlanGenerator::attributes(std::size_t depth) {
  Masked out{Json::object(), Json::object(), Json::object()};
  for (const char* name : kNames) {
    if (one_in(2)) continue;
    Masked member = value(depth + 1);
    // An unknown value is left out of its object; what covers nothing is left out of the mask.
    if (member.unknown != Json(true)) out.value[name] = std::move(member.value);
    if (member.unknown != Json(false)) out.unknown[name] = std::move(member.unknown);
    if (member.sensitive != Json(false)) out.sensitive[name] = std::move(member.sensitive);
  }
  return out;
}

PlanGenerator::Masked PlanGenerator::value(std::size_t depth) {
  if (one_in(8)) return {nullptr, true, one_in(4)};
  if (one_in(6)) {
    Masked hidden = depth < 3 && one_in(2) ? attributes(depth + 1) : Masked{secret()};
    if (hidden.value.is_object()) hidden.value["deep"] = secret();
    return {std::move(hidden.value), false, true};
  }
  if (depth < 3 && one_in(4)) return attributes(depth);
  if (depth < 3 && one_in(4)) return list(depth);
  // A mark that was lost.
  if (!secrets_.empty() && one_in(6)) return {Json(secrets_[below(secrets_.size())])};
  return {scalar()};
}

PlanGenerator::Masked PlanGenerator::list(std::size_t depth) {
  Masked out{Json::array(), Json::array(), Json::array()};
  const std::size_t count = below(4);
  for (std::size_t i = 0; i < count; ++i) {
    Masked item = value(depth + 1);
    out.value.push_back(std::move(item.value));
    out.unknown.push_back(std::move(item.unknown));
    out.sensitive.push_back(std::move(item.sensitive));
  }
  return out;
}

Json PlanGenerator::scalar() {
  switch (below(5)) {
    case 0:
      return nullptr;
    case 1:
      return one_in(2);
    case 2:
      return static_cast<std::int64_t>(below(100));
    case 3:
      return Json::Number{"12345678901234567890.5"};
    default:
      return "word" + std::to_string(below(10));
  }
}

std::string PlanGenerator::secret() {
  secrets_.push_back("s3cr3t-" + std::to_string(random_()));
  return secrets_.back();
}

std::string shuffled_dump(const Json& json, PlanGenerator& random) {
  std::string out;
  if (json.is_array()) {
    for (const Json& item : json.array_items())
      out += (out.empty() ? "" : ", ") + shuffled_dump(item, random);
    return "[" + out + " ]";
  }
  if (!json.is_object()) return json.dump();
  std::vector<std::string> members;
  for (const auto& [key, member] : json.object_members())
    members.push_back(Json(key).dump() + " : " + shuffled_dump(member, random));
  for (std::size_t i = members.size(); i > 1; --i) std::swap(members[i - 1], members[random.below(i)]);
  for (const std::string& member : members) out += (out.empty() ? "\n" : ",\n") + member;
  return "{" + out + "}";
}

}  // namespace slipway::runner
