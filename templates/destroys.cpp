#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/plan_comment.h"
#include "templates/standing.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxPathsNamed = 3;

struct Destroyed {
  const ProjectReport* report;
  const ResourceChange* change;
};

/// `where`: of which project, when several have something to lose.
Inline fate(const ResourceChange& change, const Inline& where) {
  const std::string name =
      change.deposed.empty() ? change.address : change.address + " (deposed " + change.deposed + ")";
  Inline out = code(shortened(name, kMaxName)) + where;
  if (!replaces(change.action)) return out + words(" is destroyed");
  out += words(" is replaced");
  if (change.replace_paths.empty()) {
    if (change.reason == "replace_because_tainted") out += words(": it is tainted");
    return out;
  }
  std::vector<Inline> paths;
  for (const std::string& path : change.replace_paths) paths.push_back(code(shortened(path, kMaxName)));
  return out + words(": ") + listed(std::move(paths), kMaxPathsNamed) + words(" changed");
}

std::string headline(const std::vector<Destroyed>& found) {
  const auto replaced = static_cast<std::size_t>(std::count_if(
      found.begin(), found.end(), [](const Destroyed& item) { return replaces(item.change->action); }));
  const std::size_t destroyed = found.size() - replaced;
  std::string out;
  if (destroyed > 0) out += counted(destroyed, "destroy", "destroys");
  if (destroyed > 0 && replaced > 0) out += " and ";
  if (replaced > 0) out += counted(replaced, "replacement", "replacements");
  return out + ".";
}

}  // namespace

Inline destroys_text(const std::vector<const ProjectReport*>& projects) {
  std::vector<Destroyed> found;
  for (const ProjectReport* report : projects) {
    if (!changes_ahead(*report)) continue;
    for (const ResourceChange& change : report->plan->plan.changes)
      if (destroys(change.action)) found.push_back({report, &change});
  }
  if (found.empty()) return {};
  // An address alone names a resource only when all are of one project.
  const bool several = std::any_of(
      found.begin(), found.end(), [&](const Destroyed& item) { return item.report != found.front().report; });
  Inline out = bold(words(headline(found)));
  for (std::size_t i = 0; i < std::min(found.size(), kMaxDestroysNamed); ++i) {
    const Inline where = several ? words(" in ") + project_code(*found[i].report) : Inline{};
    out += words(i == 0 ? " " : " · ") + fate(*found[i].change, where);
  }
  if (found.size() > kMaxDestroysNamed)
    out += words(" · +" + grouped(found.size() - kMaxDestroysNamed) + " more");
  return out;
}

}  // namespace slipway::templates
