#pragma once

#include "core/json.h"
#include "runner/plan/document_writer.h"

#include <optional>
#include <string>
#include <vector>

namespace slipway::runner {

/// Where a part of a plan stands.
struct PlanPlace {
  std::vector<std::string> path;      // of members, from the document's root
  std::optional<std::size_t> number;  // of the item, when the part is one of the list at `path`

  /// "resource_changes[3]", "configuration.provider_config.aws"
  std::string text() const;
};

/// Hears a plan part by part.
class PlanParts {
 public:
  virtual ~PlanParts() = default;
  /// What is to be written in the part's place; nothing: no such member or item.
  virtual std::optional<Json> part(const PlanPlace& place, Json part) = 0;
  /// Members to add where the document ends.
  virtual Json::Object last() = 0;
};

/// Walks plan JSON of any size. The containers that grow with the infrastructure (lists of resources and
/// changes, maps of outputs, modules within modules) are walked through; what is in them comes as a part,
/// whole, one at a time. Throws JsonMismatch when the document is no object.
class PlanWalk final : public JsonEvents {
 public:
  PlanWalk(PlanParts& parts, DocumentWriter& writer) : parts_(parts), writer_(writer) {}

  bool null() override { return part_.null() && added(); }
  bool boolean(bool value) override { return part_.boolean(value) && added(); }
  bool number(std::string_view text) override { return part_.number(text) && added(); }
  bool string(std::string&& value) override { return part_.string(std::move(value)) && added(); }
  bool key(std::string&& name) override;
  bool begin_object() override { return begin(false); }
  bool end_object() override { return end(); }
  bool begin_array() override { return begin(true); }
  bool end_array() override { return end(); }

 private:
  enum class Room { Plan, Tree, Module, Modules, Parts };
  struct Open {
    Room room;
    bool list;
    bool member;        // of its parent: its name is on the path
    std::size_t count;  // of the items so far
  };

  std::optional<Room> room_of_next() const;
  bool in_object() const { return !open_.empty() && !open_.back().list; }
  bool begin(bool list);
  bool end();
  bool added();

  PlanParts& parts_;
  DocumentWriter& writer_;
  std::vector<Open> open_;
  PlanPlace place_;
  std::string name_;  // of the member that comes next
  JsonBuilder part_;
  std::vector<bool> part_open_;  // the objects and lists within a part: is it a list?
};

}  // namespace slipway::runner
