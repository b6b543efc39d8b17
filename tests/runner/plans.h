#pragma once

#include "core/json.h"
#include "runner/files.h"
#include "runner/plan_reader.h"
#include "tests/runner/rooms.h"

#include <string>
#include <vector>

namespace slipway::runner {

/// A plan of ours, from tests/runner/plans/.
inline Json plan_fixture(const std::string& name) {
  return parse_json(read_file(SLIPWAY_TEST_DIR "/plans/" + name + ".json")).value();
}

struct PlanReadBack {
  Plan plan;
  std::string document;  // its bytes
  std::string document_digest;
};

/// Reads plan JSON by way of a file, as the program does.
inline Result<PlanReadBack> read_plan_text(const std::string& text,
                                           const std::vector<std::string>& noise = {},
                                           const std::string& key = "tag key") {
  const Scratch scratch;
  replace_file(scratch / "plan.json", text);
  const auto read = read_plan(scratch / "plan.json", {Secret(key), noise, scratch / "document.json"});
  if (!read) return tl::unexpected(read.error());
  return PlanReadBack{read->plan, read_file(scratch / "document.json"), read->document_digest};
}

inline PlanReadBack read_plan_json(const Json& json, const std::vector<std::string>& noise = {},
                                   const std::string& key = "tag key") {
  return read_plan_text(json.dump(), noise, key).value();
}

inline const ResourceChange* find_change(const std::vector<ResourceChange>& changes, std::string_view address,
                                         std::string_view deposed = {}) {
  for (const ResourceChange& change : changes)
    if (change.address == address && change.deposed == deposed) return &change;
  return nullptr;
}

/// A member of a member of … a document, made where it is missing.
inline Json& at(Json& json, std::initializer_list<std::string_view> path) {
  Json* here = &json;
  for (const std::string_view key : path) here = &(*here)[key];
  return *here;
}

/// One of "resource_changes", by address.
inline Json& change_in(Json& plan, std::string_view address) {
  for (Json& change : plan["resource_changes"].array_items())
    if (*change.find("address") == Json(address)) return change;
  return plan["no such change"];
}

}  // namespace slipway::runner
