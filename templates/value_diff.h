#pragma once

#include "core/plan_value.h"
#include "templates/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace slipway::templates {

/// Writes attributes and their changes as lines, signs in column 0, "=" aligned within a block, unchanged
/// ones counted. `replace_paths` get "# forces replacement".
class ValueDiff {
 public:
  ValueDiff(std::vector<Line>& out, const std::vector<std::string>& replace_paths)
      : out_(out), replace_paths_(replace_paths), marked_(replace_paths.size()) {}

  /// The attributes that differ. A null one counts as missing.
  void changed_members(const PlanValue::Map& before, const PlanValue::Map& after, std::size_t indent,
                       std::string_view path = {});
  /// All of them under one sign.
  void whole_members(Sign sign, const PlanValue::Map& members, std::size_t indent,
                     std::string_view path = {});
  /// A single value that differs, or a whole one, behind a label of the caller's ("output.endpoint = ").
  void changed(std::string label, const PlanValue& before, const PlanValue& after);
  void whole(Sign sign, std::string label, const PlanValue& value);

  /// Replace paths that no line could carry.
  std::vector<std::string> unmarked() const;

 private:
  /// Where a value is written: what stands before it and after it.
  struct Slot {
    std::size_t indent = 0;
    std::string label;
    std::string suffix;
    std::string path;
  };

  /// `shown_name` is an unchanged member that is shown all the same, for orientation.
  void write_members(const PlanValue::Map& before, const PlanValue::Map& after, const Slot& at,
                     std::string_view shown_name);
  void write_context(const Slot& slot, const PlanValue& value);
  void write_change(const Slot& slot, const PlanValue& before, const PlanValue& after);
  void write_whole(Sign sign, const Slot& slot, const PlanValue& value);
  void write_list_change(const Slot& slot, const PlanValue::List& before, const PlanValue::List& after);
  void write_string_change(const Slot& slot, const PlanValue& before, const PlanValue& after);
  void write_lines(const Slot& slot, std::string_view before, std::string_view after);
  void write_whole_lines(Sign sign, const Slot& slot, std::string_view text);
  void write_replaced(const Slot& slot, const PlanValue& before, const PlanValue& after);

  enum class Below { Shown, Hidden };  // does the line stand for all that is within it?
  void put(Sign sign, const Slot& slot, std::string_view text, Below below = Below::Hidden);
  void close(Sign sign, const Slot& slot, std::string_view bracket);
  void remark(std::size_t indent, std::size_t number, std::string_view what, bool context = false);
  std::string mark(std::string_view path, Below below);
  static Slot inner(const Slot& slot, std::string_view open, std::string_view end);

  std::vector<Line>& out_;
  const std::vector<std::string>& replace_paths_;
  std::vector<bool> marked_;
};

}  // namespace slipway::templates
