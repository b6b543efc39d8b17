#include "templates/change_printer.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/value_diff.h"
#include "templates/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace slipway::templates {
namespace {

constexpr std::size_t kAttributeIndent = 4;

Sign sign_of(const ResourceChange& change) {
  switch (change.action) {
    case Action::NoOp:
      return change.importing_id.empty() ? Sign::Move : Sign::Import;
    case Action::Create:
      return Sign::Add;
    case Action::Read:
      return Sign::Read;
    case Action::Update:
      return Sign::Change;
    case Action::Delete:
      return Sign::Remove;
    case Action::DeleteThenCreate:
      return Sign::DestroyFirst;
    case Action::CreateThenDelete:
      return Sign::CreateFirst;
    case Action::Forget:
      return Sign::Forget;
  }
  return Sign::None;
}

/// Terraform's action_reason in words; those that the attributes tell by themselves have none.
std::string_view reason_text(std::string_view reason) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kReasons = {{
      {"replace_because_tainted", "tainted: an earlier creation of it failed"},
      {"replace_by_request", "replaced because -replace asks for it"},
      {"replace_by_triggers", "replaced because its replace_triggered_by changed"},
      {"delete_because_no_resource_config", "no longer in the configuration"},
      {"delete_because_wrong_repetition", "count or for_each was added to it or taken away"},
      {"delete_because_count_index", "its index is beyond count"},
      {"delete_because_each_key", "its key is no longer in for_each"},
      {"delete_because_no_module", "its module is no longer in the configuration"},
      {"delete_because_no_move_target", "moved to an address that is not in the configuration"},
      {"read_because_config_unknown", "read during the apply: its arguments are not known yet"},
      {"read_because_dependency_pending", "read during the apply, after what it depends on"},
  }};
  const auto* const found = std::find_if(kReasons.begin(), kReasons.end(),
                                         [&](const auto& entry) { return entry.first == reason; });
  return found == kReasons.end() ? std::string_view() : found->second;
}

std::vector<std::string> remarks(const ResourceChange& change) {
  std::vector<std::string> out;
  if (!change.previous_address.empty())
    out.push_back("moved from " + shortened(change.previous_address, kMaxName));
  if (!change.importing_id.empty())
    out.push_back("imported as " + quoted(shortened(change.importing_id, kMaxName)));
  if (change.action == Action::Forget) {
    out.emplace_back("no longer managed, not destroyed");
  } else if (const auto reason = reason_text(change.reason); !reason.empty()) {
    out.emplace_back(reason);
  }
  return out;
}

Line header(const ResourceChange& change, const std::vector<std::string>& remarks) {
  std::string text = change.address;
  if (!change.deposed.empty()) text += " (deposed " + change.deposed + ")";
  if (!remarks.empty()) text += fmt::format("  # {}", fmt::join(remarks, ", "));
  return {sign_of(change), std::move(text), false, destroys(change.action)};
}

const PlanValue::Map& members(const PlanValue& value) {
  static const PlanValue::Map kNone;
  const PlanValue::Map* map = value.map();
  return map == nullptr ? kNone : *map;
}

/// Writes the attributes; gives back the replace paths that no line of them carries.
std::vector<std::string> print_body(const ResourceChange& change, std::vector<Line>& out) {
  ValueDiff diff(out, change.replace_paths);
  const PlanValue::Map& before = members(change.body->before);
  const PlanValue::Map& after = members(change.body->after);
  switch (change.action) {
    case Action::Create:
      diff.whole_members(Sign::Add, after, kAttributeIndent);
      break;
    case Action::Read:
      diff.whole_members(Sign::None, after, kAttributeIndent);
      break;
    case Action::Delete:
      diff.whole_members(Sign::Remove, before, kAttributeIndent);
      break;
    case Action::Forget:
    case Action::NoOp:
      break;  // nothing of the thing itself changes
    case Action::Update:
    case Action::DeleteThenCreate:
    case Action::CreateThenDelete:
      diff.changed_members(before, after, kAttributeIndent);
      break;
  }
  return diff.unmarked();
}

std::vector<Line> printed(const std::vector<ResourceChange>& changes) {
  std::vector<const ResourceChange*> order;
  for (const ResourceChange& change : changes) order.push_back(&change);
  std::stable_partition(order.begin(), order.end(),
                        [](const ResourceChange* change) { return destroys(change->action); });
  std::vector<Line> out;
  for (const ResourceChange* change : order) print_change(*change, out);
  return out;
}

}  // namespace

Line change_header(const ResourceChange& change) { return header(change, remarks(change)); }

void print_change(const ResourceChange& change, std::vector<Line>& out) {
  const std::size_t at = out.size();
  out.emplace_back();
  std::vector<std::string> notes = remarks(change);
  if (change.body) {
    const auto paths = print_body(change, out);
    if (replaces(change.action) && !paths.empty())
      notes.push_back(shortened(fmt::format("replaced because of {}", fmt::join(paths, ", ")), kMaxSentence));
    if (change.action == Action::Update && out.size() == at + 1)
      notes.emplace_back("no attribute of it differs");
  } else if (change.action != Action::NoOp && change.action != Action::Forget) {
    notes.emplace_back("attributes not shown: the plan is too large");
  }
  out[at] = header(change, notes);
}

void print_outputs(const std::vector<OutputChange>& outputs, std::vector<Line>& out) {
  std::size_t width = 0;
  for (const OutputChange& output : outputs) width = std::max(width, columns(visible(output.name)));
  const std::vector<std::string> none;
  ValueDiff diff(out, none);
  for (const OutputChange& output : outputs) {
    const std::string label =
        fmt::format("output.{}{:{}} = ", output.name, "", width - columns(visible(output.name)));
    if (output.action == Action::Create) {
      diff.whole(Sign::Add, label, output.after);
    } else if (output.action == Action::Delete) {
      diff.whole(Sign::Remove, label, output.before);
    } else {
      diff.changed(label, output.before, output.after);
    }
  }
}

std::vector<Line> printed_changes(const Plan& plan) {
  std::vector<Line> out = printed(plan.changes);
  print_outputs(plan.outputs, out);
  return out;
}

std::vector<Line> printed_drift(const Plan& plan) { return printed(plan.drift); }

}  // namespace slipway::templates
