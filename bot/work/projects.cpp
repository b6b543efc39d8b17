#include "bot/work/projects.h"

#include "bot/work/path_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace slipway::work {
namespace {

/// What Atlantis looks at by itself: for a directory that is no project by its look, but is listed.
const std::vector<std::string> kTerraformFiles = {"**/*.tf*", "**/*.tofu", "**/*.tofu.json",
                                                  "**/.terraform.lock.hcl"};

/// A project of a tree: by an entry of a list, or found (nullptr).
struct Known {
  ProjectId id;
  const config::ProjectEntry* entry;
};

/// The projects of one tree that these paths touch.
class Touched {
 public:
  Touched(const config::RepoConfig& config, const runner::ModuleGraph& graph,
          const std::vector<std::string>& paths)
      : config_(config), paths_(paths), roots_(graph.roots()), by_look_(graph.touched(paths)) {}

  std::vector<Known> projects() {
    for (const config::ProjectEntry& entry : config_.projects)
      if (!is_pattern(entry.id.dir)) add(entry.id, entry);
    for (const config::ProjectEntry& entry : config_.projects) {
      if (!is_pattern(entry.id.dir)) continue;
      const PathPattern dirs(".", entry.id.dir);
      for (const std::string& dir : roots_)
        if (dirs.matches(dir) && !listed_.contains({dir, entry.id.workspace}))
          add({dir, entry.id.workspace, {}}, entry);
    }
    if (config_.discovery == config::Discovery::Besides ||
        (config_.discovery == config::Discovery::Unlisted && config_.projects.empty()))
      discover();
    return std::move(out_);
  }

 private:
  void add(const ProjectId& id, const config::ProjectEntry& entry) {
    listed_.emplace(id.dir, id.workspace);
    dirs_.insert(id.dir);
    const bool root = std::binary_search(roots_.begin(), roots_.end(), id.dir);
    const bool hit = !entry.when_modified.empty() ? any_matches(id.dir, entry.when_modified, paths_)
                     : root                       ? by_look_.contains(id.dir)
                                                  : any_matches(id.dir, kTerraformFiles, paths_);
    if (hit) out_.push_back({id, &entry});
  }

  void discover() {
    for (const std::string& dir : by_look_) {
      if (dirs_.contains(dir) || any_matches(".", config_.ignore_paths, {dir})) continue;
      out_.push_back({{dir, "default", {}}, nullptr});
    }
  }

  const config::RepoConfig& config_;
  const std::vector<std::string>& paths_;
  std::vector<std::string> roots_;
  std::set<std::string> by_look_;
  std::set<std::pair<std::string, std::string>> listed_;  // directory and workspace
  std::set<std::string> dirs_;
  std::vector<Known> out_;
};

/// Whom a project waits for: those that its entry names, and of this pull request those of lower groups.
std::vector<ProjectId> waits_for(const Known& project, const std::vector<Known>& all) {
  if (project.entry == nullptr) return {};
  std::vector<ProjectId> out = project.entry->depends_on;
  for (const Known& other : all) {
    const std::int64_t group = other.entry == nullptr ? 0 : other.entry->order_group;
    if (group < project.entry->order_group && std::find(out.begin(), out.end(), other.id) == out.end())
      out.push_back(other.id);
  }
  return out;
}

/// What others stand on is destroyed after they have let go of it: a removed project goes last.
void let_removed_wait(std::vector<change::event::FoundProject>& projects) {
  std::map<ProjectId, std::vector<ProjectId>> followers;
  for (auto& project : projects)
    if (!project.removed_from.empty()) followers[project.id];
  for (auto& project : projects) {
    std::erase_if(project.depends_on, [&](const ProjectId& other) {
      const auto removed = followers.find(other);
      if (removed != followers.end()) removed->second.push_back(project.id);
      return removed != followers.end();
    });
  }
  for (auto& project : projects)
    if (!project.removed_from.empty()) project.depends_on = std::move(followers[project.id]);
}

std::string stays(const ProjectId& id) {
  return fmt::format(
      "The project `{}` is removed by this pull request. Its resources stay as they are, "
      "and so does its state: destroy them before, or forget them.",
      to_string(id));
}

std::string is_destroyed(const ProjectId& id) {
  return fmt::format(
      "The project `{}` is removed by this pull request: what it made is destroyed "
      "(`destroy_removed`), by the files that it has on the base branch.",
      to_string(id));
}

/// Why a removed project is not to be destroyed: its resources may have another home now.
std::string where_it_lives_on(const std::pair<const std::string, runner::Module>& gone,
                              const std::vector<vcs::PathChange>& changes, const runner::ModuleGraph& after) {
  const std::string folder = gone.first + "/";
  for (const vcs::PathChange& change : changes) {
    if (change.deleted || change.old_path == change.path || !change.old_path.starts_with(folder)) continue;
    const auto slash = change.path.rfind('/');
    const std::string now = slash == std::string::npos ? "." : change.path.substr(0, slash);
    if (after.modules().contains(now))
      return fmt::format(" They are not destroyed, as `destroy_removed` would: its files have moved to `{}`.",
                         now);
  }
  for (const std::string& root : after.roots())
    if (may_share_state(gone.second, after.modules().at(root)))
      return fmt::format(
          " They are not destroyed, as `destroy_removed` would: by their backends `{}` may keep the same "
          "state.",
          root);
  return {};
}

}  // namespace

std::string cannot_apply(const runner::Module& module, const config::RepoConfig& config,
                         const ProjectId& project) {
  if (config.state == config::StateMode::Slipway && !module.has_backend) {
    return project.workspace == "default" ? ""
                                          : "Slipway keeps the state of the workspace `default` only; this "
                                            "one needs a backend of its own";
  }
  if (!module.has_backend)
    return "it declares no backend, so that its state would vanish; declare one, or set `state: slipway` for "
           "this "
           "repository";
  if (module.local_backend_relative)
    return "its `local` backend writes inside the workspace, where the state would vanish; give it an "
           "absolute path";
  return {};
}

Found find_projects(const Tools& tools, vcs::Repository& repository, const config::RepoConfig& config,
                    const Sha& from_tree, const Sha& to_tree) {
  Found found;
  std::vector<std::string> paths;
  const auto changes = repository.changed(from_tree, to_tree);
  for (const vcs::PathChange& change : changes) {
    paths.push_back(change.path);
    if (!change.old_path.empty() && change.old_path != change.path) paths.push_back(change.old_path);
  }
  if (paths.empty()) return found;
  const auto before = tools.graphs.of(repository, from_tree);
  const auto after = tools.graphs.of(repository, to_tree);
  const std::vector<Known> touched = Touched(config, *after, paths).projects();
  for (const Known& project : touched) {
    const auto module = after->modules().find(project.id.dir);
    if (module == after->modules().end()) {
      if (!before->modules().contains(project.id.dir))
        found.notes.push_back(
            fmt::format("The project `{}` has no Terraform files on this commit: it is not planned.",
                        to_string(project.id)));
      continue;
    }
    found.projects.push_back({project.id, files_digest(repository, *after, to_tree, project.id.dir),
                              cannot_apply(module->second, config, project.id), module->second.problems,
                              waits_for(project, touched),
                              project.entry == nullptr || project.entry->autoplan});
  }
  for (const Known& project : Touched(config, *before, paths).projects()) {
    const auto module = before->modules().find(project.id.dir);
    if (module == before->modules().end() || after->modules().contains(project.id.dir)) continue;
    const std::string lives_on = config.destroy_removed ? where_it_lives_on(*module, changes, *after) : "";
    if (!config.destroy_removed || !lives_on.empty()) {
      found.notes.push_back(stays(project.id) + lives_on);
      continue;
    }
    found.notes.push_back(is_destroyed(project.id));
    found.projects.push_back({project.id, files_digest(repository, *before, from_tree, project.id.dir),
                              cannot_apply(module->second, config, project.id), module->second.problems,
                              waits_for(project, touched), true, from_tree});
  }
  let_removed_wait(found.projects);
  return found;
}

}  // namespace slipway::work
