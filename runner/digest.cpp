#include "runner/digest.h"

#include "core/crypto.h"

#include <algorithm>

namespace slipway::runner {
namespace {

bool holds_sensitive(const PlanValue& value) {
  if (value.is_sensitive()) return true;
  if (const auto* list = value.list()) return std::any_of(list->begin(), list->end(), holds_sensitive);
  if (const auto* map = value.map())
    return std::any_of(map->begin(), map->end(),
                       [](const auto& member) { return holds_sensitive(member.second); });
  return false;
}

/// What is made anew matters whole; what is changed, where it differs; what goes away only goes away.
std::vector<AttributeDifference> differences_of(Action action, const PlanValue& before,
                                                const PlanValue& after) {
  switch (action) {
    case Action::Create:
    case Action::DeleteThenCreate:
    case Action::CreateThenDelete:
      return {{{}, std::nullopt, after}};
    case Action::Update:
      return differences(before, after);
    case Action::NoOp:
    case Action::Read:
    case Action::Delete:
    case Action::Forget:
      return {};
  }
  return {};
}

Json written(const std::vector<AttributeDifference>& differences, const std::string& key_id) {
  Json::Array list;
  for (const AttributeDifference& difference : differences) {
    Json one = Json::object({{"path", to_text(difference.path)}});
    if (difference.before) one["before"] = difference.before->to_json();
    if (difference.after) one["after"] = difference.after->to_json();
    const auto sensitive = [](const auto& value) { return value && holds_sensitive(*value); };
    if (sensitive(difference.before) || sensitive(difference.after)) one["key"] = key_id;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::string ChangeDigests::of(const ResourceChange& change) {
  if (change.action == Action::Read) return {};
  auto differing = differences_of(change.action, change.body->before, change.body->after);
  noise_.leave_out(differing, change.address, left_out_);
  Json::Array replace_paths(change.replace_paths.begin(), change.replace_paths.end());
  std::sort(replace_paths.begin(), replace_paths.end(),
            [](const Json& a, const Json& b) { return a.string() < b.string(); });
  return sha256_hex(Json::object({{"address", change.address},
                                  {"deposed", change.deposed},
                                  {"previous_address", change.previous_address},
                                  {"type", change.type},
                                  {"provider", change.provider},
                                  {"action", name_of(change.action)},
                                  {"reason", change.reason},
                                  {"replace_paths", std::move(replace_paths)},
                                  {"importing", change.importing_id},
                                  {"differences", written(differing, key_id_)}})
                        .dump());
}

std::string ChangeDigests::of(const OutputChange& change) const {
  const auto differing = differences_of(change.action, change.before, change.after);
  return sha256_hex(Json::object({{"output", change.name},
                                  {"action", name_of(change.action)},
                                  {"differences", written(differing, key_id_)}})
                        .dump());
}

std::string digest_with(const std::string& change, const Surroundings& surroundings) {
  if (change.empty()) return {};
  return sha256_hex(Json::object({{"change", change},
                                  {"provider", surroundings.provider},
                                  {"provisioners", surroundings.provisioners}})
                        .dump());
}

std::string semantic_digest(const std::vector<ResourceChange>& changes,
                            const std::vector<OutputChange>& outputs) {
  Sha256 digest;
  // Digests have one length and their order is the changes': nothing else can be read as these bytes.
  for (const ResourceChange& change : changes) digest.add(change.digest);
  digest.add(";");
  for (const OutputChange& output : outputs) digest.add(output.digest);
  return digest.hex();
}

}  // namespace slipway::runner
