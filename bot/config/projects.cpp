#include "bot/config/projects.h"

#include "bot/config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace slipway::config {
namespace {

template <class T>
T checked(const Settings& value, Result<T> parsed) {
  if (!parsed) value.refuse(parsed.error().message);
  return *parsed;
}

ProjectEntry read_project(const Settings& entry, bool secrets) {
  entry.only(
      {"dir", "workspace", "name", "when_modified", "terraform", "depends_on", "environment", "apply"});
  ProjectEntry project;
  project.id = read_project_id(entry);
  project.when_modified = entry.strings_or_none("when_modified");
  project.terraform = entry.string_or("terraform", "");
  if (const Settings* value = entry.find("apply")) project.apply = apply_mode(*value);
  if (const Settings* value = entry.find("environment"))
    project.environment = environment(*value, secrets, true);
  return project;
}

/// Which projects go by a word. A name goes before a directory that is called the same.
class Names {
 public:
  explicit Names(const std::vector<ProjectEntry>& projects) {
    for (const ProjectEntry& project : projects) {
      by_name_[to_string(project.id)].insert(project.id);
      by_dir_[project.id.dir].insert(project.id);
    }
  }

  ProjectId find(const Settings& word, const std::string& name) const {
    for (const auto* names : {&by_name_, &by_dir_}) {
      const auto found = names->find(name);
      if (found == names->end()) continue;
      if (found->second.size() == 1) return *found->second.begin();
      std::vector<std::string> several;
      for (const ProjectId& one : found->second) several.push_back(to_string(one));
      word.refuse(fmt::format("`depends_on` names \"{}\", which is several projects: {}; give each a `name`",
                              name, fmt::join(several, ", ")));
    }
    std::vector<std::string_view> known;
    for (const auto& [one, id] : by_name_) known.push_back(one);
    const auto meant = closest(name, known);
    word.refuse(fmt::format("`depends_on` names \"{}\", which is no project here; {}", name,
                            meant ? fmt::format("did you mean \"{}\"?", *meant)
                                  : "write the `name` or the `dir` of a project of this list"));
  }

 private:
  std::map<std::string, std::set<ProjectId>> by_name_;
  std::map<std::string, std::set<ProjectId>> by_dir_;
};

/// Projects that wait for one another: a, b, a; empty: there is no circle.
std::vector<ProjectId> circle(const std::vector<ProjectEntry>& projects) {
  struct Waiting {
    const std::vector<ProjectId>* waits_for = nullptr;
    std::vector<ProjectId> followers;
    std::size_t ahead = 0;
  };
  std::map<ProjectId, Waiting> waiting;
  for (const ProjectEntry& project : projects) {
    Waiting& one = waiting[project.id];
    one.waits_for = &project.depends_on;
    one.ahead = project.depends_on.size();
    for (const ProjectId& other : project.depends_on) waiting[other].followers.push_back(project.id);
  }
  // Whoever waits for nobody may go, and then those who waited for it: who is left waits in a circle, or for
  // one.
  std::vector<ProjectId> free;
  for (const auto& [id, one] : waiting)
    if (one.ahead == 0) free.push_back(id);
  while (!free.empty()) {
    const auto gone = waiting.extract(free.back());
    free.pop_back();
    for (const ProjectId& follower : gone.mapped().followers)
      if (--waiting.at(follower).ahead == 0) free.push_back(follower);
  }
  if (waiting.empty()) return {};
  std::vector<ProjectId> road = {waiting.begin()->first};
  while (true) {
    const auto& next = *waiting.at(road.back()).waits_for;
    road.push_back(*std::find_if(next.begin(), next.end(),
                                 [&](const ProjectId& other) { return waiting.contains(other); }));
    const auto first = std::find(road.begin(), road.end() - 1, road.back());
    if (first != road.end() - 1) return {first, road.end()};
  }
}

void refuse_circle(const std::vector<ProjectEntry>& projects, const std::vector<PlacedEntry>& entries) {
  const std::vector<ProjectId> ring = circle(projects);
  if (ring.empty()) return;
  std::vector<std::string> names;
  for (const ProjectId& one : ring) names.push_back(to_string(one));
  for (const PlacedEntry& placed : entries) {
    const bool in_it = std::find(ring.begin(), ring.end(), projects[placed.project].id) != ring.end();
    const Settings* words = placed.entry->find("depends_on");
    if (!in_it || words == nullptr) continue;
    words->refuse(fmt::format("these projects wait for one another: {}; take one `depends_on` of them out",
                              fmt::join(names, " → ")));
  }
}

}  // namespace

change::ApplyMode apply_mode(const Settings& value) {
  using change::ApplyMode;
  return one_of<ApplyMode>(value, {{"on_merge", ApplyMode::OnMerge},
                                   {"on_comment", ApplyMode::OnComment},
                                   {"in_queue", ApplyMode::InQueue}});
}

ProjectId read_project_id(const Settings& entry) {
  ProjectId id;
  id.dir = checked(entry.at("dir"), parse_dir(entry.string("dir")));
  if (const Settings* value = entry.find("workspace"))
    id.workspace = checked(*value, parse_workspace(value->scalar()));
  if (const Settings* value = entry.find("name"))
    id.name = checked(*value, parse_project_name(value->scalar()));
  return id;
}

void refuse_twins(const std::vector<ProjectEntry>& projects, const std::vector<PlacedEntry>& entries) {
  std::set<ProjectId> seen;
  for (const PlacedEntry& placed : entries) {
    const ProjectId& id = projects[placed.project].id;
    if (!seen.insert(id).second)
      placed.entry->refuse(
          fmt::format("the project `{}` stands here twice; give one of them another `name`", to_string(id)));
  }
}

void read_dependencies(std::vector<ProjectEntry>& projects, const std::vector<PlacedEntry>& entries) {
  const Names names(projects);
  for (const PlacedEntry& placed : entries) {
    const Settings* words = placed.entry->find("depends_on");
    if (words == nullptr) continue;
    auto& depends_on = projects[placed.project].depends_on;
    depends_on.clear();
    for (const std::string& word : placed.entry->strings_or_none("depends_on"))
      depends_on.push_back(names.find(*words, word));
  }
  refuse_circle(projects, entries);
}

std::vector<ProjectEntry> read_projects(const Settings& list, bool secrets) {
  std::vector<ProjectEntry> projects;
  std::vector<PlacedEntry> entries;
  for (const Settings& entry : list.list()) {
    entries.push_back({&entry, projects.size()});
    projects.push_back(read_project(entry, secrets));
  }
  refuse_twins(projects, entries);
  read_dependencies(projects, entries);
  return projects;
}

}  // namespace slipway::config
