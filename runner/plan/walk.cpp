#include "runner/plan/walk.h"

#include "core/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace slipway::runner {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string PlanPlace::text() const {
  const std::string members = fmt::format("{}", fmt::join(path, "."));
  return number ? fmt::format("{}[{}]", members, *number) : members;
}

/// The room that the next object or list opens; nothing when it is a part.
std::optional<PlanWalk::Room> PlanWalk::room_of_next() const {
  if (open_.empty()) return Room::Plan;
  switch (open_.back().room) {
    case Room::Plan:
      if (name_ == "variables") return {};  // written last: the configuration tells which are sensitive
      return one_of(name_, {"planned_values", "prior_state", "configuration"}) ? Room::Tree : Room::Parts;
    case Room::Tree:
      if (name_ == "values") return Room::Tree;
      if (name_ == "root_module") return Room::Module;
      if (one_of(name_, {"outputs", "provider_config"})) return Room::Parts;
      return {};
    case Room::Module:
      if (one_of(name_, {"child_modules", "module_calls"})) return Room::Modules;
      if (one_of(name_, {"resources", "outputs", "variables"})) return Room::Parts;
      if (name_ == "module") return Room::Module;
      return {};
    case Room::Modules:
      return Room::Module;
    case Room::Parts:
      return {};
  }
  return {};
}

bool PlanWalk::key(std::string&& name) {
  if (!part_open_.empty()) return part_.key(std::move(name));
  name_ = std::move(name);
  return true;
}

bool PlanWalk::begin(bool list) {
  const auto room = part_open_.empty() ? room_of_next() : std::nullopt;
  if (!room) {
    part_open_.push_back(list);
    return list ? part_.begin_array() : part_.begin_object();
  }
  if (open_.empty() && list) throw JsonMismatch({"expected an object", {}});
  const bool member = in_object();
  if (member) {
    writer_.key(name_);
    place_.path.push_back(std::move(name_));
  }
  list ? writer_.begin_array() : writer_.begin_object();
  open_.push_back({*room, list, member, 0});
  return true;
}

bool PlanWalk::end() {
  if (!part_open_.empty()) {
    const bool list = part_open_.back();
    part_open_.pop_back();
    return (list ? part_.end_array() : part_.end_object()) && added();
  }
  const Open ended = open_.back();
  if (open_.size() == 1) {
    for (const auto& [name, value] : parts_.last()) {
      writer_.key(name);
      writer_.value(value);
    }
  }
  if (ended.member) place_.path.pop_back();
  open_.pop_back();
  ended.list ? writer_.end_array() : writer_.end_object();
  return true;
}

/// Hands the part over when it is whole.
bool PlanWalk::added() {
  if (!part_open_.empty()) return true;
  if (open_.empty()) throw JsonMismatch({"expected an object", {}});
  const bool member = in_object();
  if (member)
    place_.path.push_back(std::move(name_));
  else
    place_.number = open_.back().count++;
  if (const auto written = parts_.part(place_, part_.take())) {
    if (member) writer_.key(place_.path.back());
    writer_.value(*written);
  }
  if (member) place_.path.pop_back();
  place_.number.reset();
  return true;
}

}  // namespace slipway::runner
