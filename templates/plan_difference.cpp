#include "templates/plan_difference.h"

#include "templates/change_printer.h"
#include "templates/characters.h"
#include "templates/sentences.h"
#include "templates/value_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace slipway::templates {
namespace {

using Key = std::pair<std::string, std::string>;  // address and deposed key
using Index = std::map<Key, const ResourceChange*>;

/// Reads change nothing: the semantic digest leaves them out too.
Index index_of(const Plan& plan) {
  Index out;
  for (const ResourceChange& change : plan.changes)
    if (change.action != Action::Read) out.emplace(Key{change.address, change.deposed}, &change);
  return out;
}

std::string_view action_text(Action action) {
  switch (action) {
    case Action::NoOp:
      return "kept";
    case Action::Create:
      return "created";
    case Action::Read:
      return "read";
    case Action::Update:
      return "updated";
    case Action::Delete:
      return "destroyed";
    case Action::DeleteThenCreate:
    case Action::CreateThenDelete:
      return "replaced";
    case Action::Forget:
      return "forgotten";
  }
  return "changed";
}

const PlanValue::Map& members(const PlanValue& value) {
  static const PlanValue::Map kNone;
  const PlanValue::Map* map = value.map();
  return map == nullptr ? kNone : *map;
}

void title(std::string text, std::vector<Line>& out) { out.push_back({Sign::None, "# " + std::move(text)}); }

/// Two values that are not known yet count as the same here: both plans say as much of them.
void print_members(PlanValue::Map before, PlanValue::Map after, std::vector<Line>& out) {
  std::erase_if(before, [&](const auto& member) {
    const auto found = after.find(member.first);
    if (found == after.end() || found->second != member.second) return false;
    after.erase(found);
    return true;
  });
  const std::vector<std::string> none;
  constexpr std::size_t kIndent = 4;
  ValueDiff(out, none).changed_members(before, after, kIndent);
}

/// One change that both plans have, and that they would make differently.
void print_differing(const ResourceChange& shown, const ResourceChange& now, std::vector<Line>& out) {
  Line header = change_header(now);
  if (shown.action != now.action)
    header.text +=
        fmt::format("  # was to be {}, is now to be {}", action_text(shown.action), action_text(now.action));
  out.push_back(std::move(header));
  if (!shown.body || !now.body) return;
  const std::size_t header_only = out.size();
  print_members(members(shown.body->after), members(now.body->after), out);
  if (out.size() > header_only) return;
  // What comes out is the same, so what it starts from is not.
  out.push_back({Sign::None, "    # the same values, from others than before:"});
  print_members(members(shown.body->before), members(now.body->before), out);
}

struct Difference {
  std::vector<const ResourceChange*> added;
  std::vector<const ResourceChange*> gone;
  std::vector<std::pair<const ResourceChange*, const ResourceChange*>> other;
  std::size_t same = 0;
};

Difference difference(const Plan& shown, const Plan& now) {
  Difference out;
  const Index before = index_of(shown);
  const Index after = index_of(now);
  for (const auto& [key, change] : after) {
    const auto found = before.find(key);
    if (found == before.end()) {
      out.added.push_back(change);
    } else if (found->second->digest != change->digest) {
      out.other.emplace_back(found->second, change);
    } else {
      ++out.same;
    }
  }
  for (const auto& [key, change] : before)
    if (!after.contains(key)) out.gone.push_back(change);
  return out;
}

std::vector<OutputChange> differing_outputs(const std::vector<OutputChange>& some,
                                            const std::vector<OutputChange>& others) {
  std::vector<OutputChange> out;
  for (const OutputChange& output : some) {
    const bool same = std::any_of(others.begin(), others.end(), [&](const OutputChange& other) {
      return other.name == output.name && other.digest == output.digest;
    });
    if (!same) out.push_back(output);
  }
  return out;
}

}  // namespace

Blocks plan_difference(const Plan& shown, const Plan& now, const std::string& full_url) {
  const Difference found = difference(shown, now);
  Fence fence;
  fence.diff = true;
  fence.full_url = full_url;
  if (!found.added.empty()) {
    title("only in the new plan", fence.lines);
    for (const ResourceChange* change : found.added) print_change(*change, fence.lines);
  }
  if (!found.other.empty()) {
    title("different: what was shown -> what would come out now", fence.lines);
    for (const auto& [before, after] : found.other) print_differing(*before, *after, fence.lines);
  }
  if (!found.gone.empty()) {
    title("no longer planned", fence.lines);
    for (const ResourceChange* change : found.gone) {
      Line header = change_header(*change);
      header.essential = false;
      fence.lines.push_back(std::move(header));
    }
  }
  const auto outputs = differing_outputs(now.outputs, shown.outputs);
  if (!outputs.empty()) {
    title("outputs as they would be now", fence.lines);
    print_outputs(outputs, fence.lines);
  }
  const auto gone_outputs = differing_outputs(shown.outputs, now.outputs);
  const auto number = [](std::size_t count) { return words(grouped(count)); };
  Blocks out = {{Paragraph{sentence("plan.difference", {{"new", number(found.added.size())},
                                                        {"other", number(found.other.size())},
                                                        {"gone", number(found.gone.size())},
                                                        {"same", number(found.same)}})}}};
  if (outputs.empty() && !gone_outputs.empty()) title("fewer outputs change", fence.lines);
  if (!fence.lines.empty()) out.push_back({std::move(fence)});
  return out;
}

}  // namespace slipway::templates
