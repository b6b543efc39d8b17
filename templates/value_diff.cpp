#include "templates/value_diff.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/list_pairs.h"
#include "templates/text_diff.h"
#include "templates/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace slipway::templates {
namespace {

using List = PlanValue::List;
using Map = PlanValue::Map;

constexpr std::size_t kStep = 4;
constexpr std::size_t kLineWidth = 100;  // what still goes on one line
constexpr std::size_t kMaxPadding = 32;  // a single long name doesn't push all values away
constexpr std::size_t kLinesAround = 2;  // unchanged lines shown beside a changed one

std::string label_of(std::string_view name, std::size_t width) {
  std::string out = name_text(name);
  const std::size_t used = columns(visible(out));
  if (used < width) out.append(width - used, ' ');
  return out + " = ";
}

class Width {
 public:
  void add(std::string_view name) {
    const std::size_t used = columns(visible(name_text(name)));
    if (used <= kMaxPadding) width_ = std::max(width_, used);
  }
  std::size_t value() const { return width_; }

 private:
  std::size_t width_ = 0;
};

std::size_t room(std::size_t indent, std::string_view label) {
  const std::size_t used = indent + columns(visible(label));
  return used < kLineWidth ? kLineWidth - used : 0;
}

}  // namespace

void ValueDiff::changed_members(const Map& before, const Map& after, std::size_t indent,
                                std::string_view path) {
  write_members(before, after, {indent, "", "", std::string(path)}, {});
}

void ValueDiff::write_members(const Map& before, const Map& after, const Slot& at,
                              std::string_view shown_name) {
  const std::size_t indent = at.indent;
  const std::string_view path = at.path;
  struct Entry {
    std::string_view name;
    const PlanValue* before;
    const PlanValue* after;
  };
  static const PlanValue kNone;
  std::vector<Entry> entries;
  Width width;
  std::size_t hidden = 0;
  const auto is_shown = [&](std::string_view name) { return !shown_name.empty() && name == shown_name; };
  std::set<std::string_view> names;
  for (const auto& [name, value] : before) names.insert(name);
  for (const auto& [name, value] : after) names.insert(name);
  for (const std::string_view name : names) {
    const auto b = before.find(name);
    const auto a = after.find(name);
    const Entry entry{name, b == before.end() ? &kNone : &b->second, a == after.end() ? &kNone : &a->second};
    if (entry.before->is_null() && entry.after->is_null()) continue;
    const bool same = unchanged(*entry.before, *entry.after);
    if (same && !is_shown(name)) {
      ++hidden;
      continue;
    }
    entries.push_back(entry);
    width.add(name);
  }
  for (const Entry& entry : entries) {
    const Slot slot{indent, label_of(entry.name, width.value()), "", member_path(path, entry.name)};
    if (is_shown(entry.name)) {
      write_context(slot, *entry.after);
    } else if (entry.before->is_null()) {
      write_whole(Sign::Add, slot, *entry.after);
    } else if (entry.after->is_null()) {
      write_whole(Sign::Remove, slot, *entry.before);
    } else {
      write_change(slot, *entry.before, *entry.after);
    }
  }
  if (hidden > 0) remark(indent, hidden, "unchanged");
}

void ValueDiff::whole_members(Sign sign, const Map& members, std::size_t indent, std::string_view path) {
  Width width;
  for (const auto& [name, value] : members)
    if (!value.is_null()) width.add(name);
  for (const auto& [name, value] : members) {
    if (!value.is_null())
      write_whole(sign, {indent, label_of(name, width.value()), "", member_path(path, name)}, value);
  }
}

void ValueDiff::changed(std::string label, const PlanValue& before, const PlanValue& after) {
  write_change({0, std::move(label), "", ""}, before, after);
}

void ValueDiff::whole(Sign sign, std::string label, const PlanValue& value) {
  write_whole(sign, {0, std::move(label), "", ""}, value);
}

std::vector<std::string> ValueDiff::unmarked() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < replace_paths_.size(); ++i)
    if (!marked_[i]) out.push_back(replace_paths_[i]);
  return out;
}

void ValueDiff::write_whole(Sign sign, const Slot& slot, const PlanValue& value) {
  if (const auto text = inline_value(value, room(slot.indent, slot.label))) return put(sign, slot, *text);
  if (const Map* map = value.map()) {
    put(sign, slot, "{", Below::Shown);
    whole_members(sign, *map, slot.indent + kStep, slot.path);
    return close(sign, slot, "}");
  }
  if (const List* list = value.list()) {
    put(sign, slot, "[", Below::Shown);
    for (std::size_t i = 0; i < list->size(); ++i)
      write_whole(sign, {slot.indent + kStep, "", ",", element_path(slot.path, i)}, (*list)[i]);
    return close(sign, slot, "]");
  }
  if (const auto json = held_json(value)) return write_whole(sign, inner(slot, "jsonencode(", ")"), *json);
  if (has_lines(value)) return write_whole_lines(sign, slot, *value.string());
  put(sign, slot, value.string() != nullptr ? quoted(*value.string()) : brief_value(value));
}

void ValueDiff::write_change(const Slot& slot, const PlanValue& before, const PlanValue& after) {
  if (before.is_sensitive() || after.is_sensitive())
    return put(Sign::Change, slot, fmt::format("{} -> {}", kSensitiveText, kSensitiveText));
  if (after.is_unknown())
    return put(Sign::Change, slot, fmt::format("{} -> {}", brief_value(before), kUnknownText));
  if (before.map() != nullptr && after.map() != nullptr) {
    put(Sign::Change, slot, "{", Below::Shown);
    // An element of a list has no name before it: one that it holds tells which it is.
    const bool element = slot.label.empty();
    write_members(*before.map(), *after.map(), {slot.indent + kStep, "", "", slot.path},
                  element ? shared_name(*before.map(), *after.map()) : std::string_view());
    return close(Sign::None, slot, "}");
  }
  if (before.list() != nullptr && after.list() != nullptr)
    return write_list_change(slot, *before.list(), *after.list());
  if (before.string() != nullptr && after.string() != nullptr)
    return write_string_change(slot, before, after);
  write_replaced(slot, before, after);
}

void ValueDiff::write_list_change(const Slot& slot, const List& before, const List& after) {
  put(Sign::Change, slot, "[", Below::Shown);
  std::size_t hidden = 0;
  for (const ElementPair& pair : paired_elements(before, after)) {
    const std::size_t index = pair.after ? *pair.after : *pair.before;
    const Slot element{slot.indent + kStep, "", ",", element_path(slot.path, index)};
    if (!pair.after) {
      write_whole(Sign::Remove, element, before[*pair.before]);
    } else if (!pair.before) {
      write_whole(Sign::Add, element, after[*pair.after]);
    } else if (unchanged(before[*pair.before], after[*pair.after])) {
      ++hidden;
    } else {
      write_change(element, before[*pair.before], after[*pair.after]);
    }
  }
  if (hidden > 0) remark(slot.indent + kStep, hidden, "unchanged");
  close(Sign::None, slot, "]");
}

void ValueDiff::write_string_change(const Slot& slot, const PlanValue& before, const PlanValue& after) {
  const auto json_before = held_json(before);
  const auto json_after = held_json(after);
  if (json_before && json_after) {
    if (*json_before == *json_after) {
      Slot spaces = slot;
      spaces.suffix += " # the same JSON, only its spaces or order change";
      return put(Sign::Change, spaces, "jsonencode(…)");
    }
    if (!unchanged(*json_before, *json_after))
      return write_change(inner(slot, "jsonencode(", ")"), *json_before, *json_after);
  } else if (before.string()->find('\n') != std::string::npos ||
             after.string()->find('\n') != std::string::npos) {
    return write_lines(slot, *before.string(), *after.string());
  }
  write_replaced(slot, before, after);
}

void ValueDiff::write_replaced(const Slot& slot, const PlanValue& before, const PlanValue& after) {
  const auto old_text = inline_value(before, kLineWidth);
  const auto new_text = inline_value(after, kLineWidth);
  if (old_text && new_text) {
    const std::string both = fmt::format("{} -> {}", *old_text, *new_text);
    if (columns(visible(both)) <= room(slot.indent, slot.label)) return put(Sign::Change, slot, both);
  }
  if (before.string() != nullptr && after.string() != nullptr) {
    const auto [old_quoted, new_quoted] = quoted_around_difference(*before.string(), *after.string());
    put(Sign::Remove, slot, old_quoted);
    return put(Sign::Add, slot, new_quoted);
  }
  write_whole(Sign::Remove, slot, before);
  write_whole(Sign::Add, slot, after);
}

void ValueDiff::write_context(const Slot& slot, const PlanValue& value) {
  out_.push_back({Sign::None, std::string(slot.indent, ' ') + slot.label + brief_value(value), true});
}

void ValueDiff::write_lines(const Slot& slot, std::string_view before, std::string_view after) {
  put(Sign::Change, slot, "<<-EOT");
  if (before.ends_with('\n') && after.ends_with('\n')) {
    before.remove_suffix(1);
    after.remove_suffix(1);
  }
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  const auto edits = shortest_edits(old_lines.size(), new_lines.size(), [&](std::size_t i, std::size_t j) {
    return old_lines[i] == new_lines[j];
  });
  std::vector<bool> near(edits.size());
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].kind == Edit::Kind::Keep) continue;
    const std::size_t first = i > kLinesAround ? i - kLinesAround : 0;
    for (std::size_t j = first; j <= std::min(i + kLinesAround, edits.size() - 1); ++j) near[j] = true;
  }
  const std::string margin(slot.indent + kStep, ' ');
  std::size_t hidden = 0;
  const auto tell_hidden = [&] {
    if (hidden > 0)
      remark(slot.indent + kStep, hidden, hidden == 1 ? "unchanged line" : "unchanged lines", true);
    hidden = 0;
  };
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (!near[i]) {
      ++hidden;
      continue;
    }
    tell_hidden();
    switch (edits[i].kind) {
      case Edit::Kind::Keep:
        out_.push_back({Sign::None, margin + shortened(new_lines[edits[i].after], kMaxString), true});
        break;
      case Edit::Kind::Remove:
        out_.push_back({Sign::Remove, margin + shortened(old_lines[edits[i].before], kMaxString)});
        break;
      case Edit::Kind::Add:
        out_.push_back({Sign::Add, margin + shortened(new_lines[edits[i].after], kMaxString)});
        break;
    }
  }
  tell_hidden();
  close(Sign::None, slot, "EOT");
}

void ValueDiff::write_whole_lines(Sign sign, const Slot& slot, std::string_view text) {
  put(sign, slot, "<<-EOT");
  auto lines = lines_of(text);
  if (lines.back().empty()) lines.pop_back();
  const std::string margin(slot.indent + kStep, ' ');
  for (const std::string_view line : lines) out_.push_back({sign, margin + shortened(line, kMaxString)});
  close(sign, slot, "EOT");
}

void ValueDiff::put(Sign sign, const Slot& slot, std::string_view text, Below below) {
  const bool opens = below == Below::Shown || text == "<<-EOT";
  out_.push_back({sign, std::string(slot.indent, ' ') + slot.label + std::string(text) +
                            (opens ? "" : slot.suffix) + mark(slot.path, below)});
}

void ValueDiff::close(Sign sign, const Slot& slot, std::string_view bracket) {
  out_.push_back({sign, std::string(slot.indent, ' ') + std::string(bracket) + slot.suffix});
}

void ValueDiff::remark(std::size_t indent, std::size_t number, std::string_view what, bool context) {
  out_.push_back(
      {Sign::None, fmt::format("{:{}}# ({} {} hidden)", "", indent, grouped(number), what), context});
}

std::string ValueDiff::mark(std::string_view path, Below below) {
  bool found = false;
  for (std::size_t i = 0; i < replace_paths_.size(); ++i) {
    const std::string_view wanted = replace_paths_[i];
    const bool within = below == Below::Hidden && wanted.starts_with(path) && wanted.size() > path.size() &&
                        (wanted[path.size()] == '.' || wanted[path.size()] == '[');
    if (wanted != path && !within) continue;
    marked_[i] = true;
    found = true;
  }
  return found ? " # forces replacement" : "";
}

ValueDiff::Slot ValueDiff::inner(const Slot& slot, std::string_view open, std::string_view end) {
  return {slot.indent, slot.label + std::string(open), std::string(end) + slot.suffix, slot.path};
}

}  // namespace slipway::templates
