#include "bot/work/projects.h"

#include "bot/work/path_pattern.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string is_removed(const ProjectId& id) {
  return fmt::format(
      "The project `{}` is removed by this pull request. Its resources stay as they are, "
      "and so does its state: destroy them before, or forget them.",
      to_string(id));
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
  for (const vcs::PathChange& change : repository.changed(from_tree, to_tree)) {
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
  for (const Known& project : Touched(config, *before, paths).projects())
    if (before->modules().contains(project.id.dir) && !after->modules().contains(project.id.dir))
      found.notes.push_back(is_removed(project.id));
  return found;
}

}  // namespace slipway::work
