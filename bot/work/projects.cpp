#include "bot/work/projects.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

namespace slipway::work {
namespace {

bool matches_any(const config::ProjectEntry& entry, const std::vector<std::string>& paths) {
  const std::string prefix = entry.id.dir == "." ? "" : entry.id.dir + "/";
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return std::any_of(
        entry.when_modified.begin(), entry.when_modified.end(), [&](const std::string& pattern) {
          if (pattern.starts_with("../") || prefix.empty()) {
            const std::string whole =
                pattern.starts_with("../") ? pattern.substr(pattern.find_first_not_of("./")) : pattern;
            return fnmatch(whole.c_str(), path.c_str(), 0) == 0;
          }
          return path.starts_with(prefix) && fnmatch(pattern.c_str(), path.c_str() + prefix.size(), 0) == 0;
        });
  });
}

/// With a list in the config, that list is all there is.
std::vector<ProjectId> listed(const config::RepoConfig& config, const std::set<std::string>& touched,
                              const std::vector<std::string>& paths) {
  std::vector<ProjectId> out;
  for (const config::ProjectEntry& entry : config.projects) {
    const bool hit = entry.when_modified.empty() ? touched.contains(entry.id.dir) : matches_any(entry, paths);
    if (hit) out.push_back(entry.id);
  }
  return out;
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
  const std::set<std::string> touched = after->touched(paths);

  std::vector<ProjectId> ids;
  if (!config.projects.empty()) {
    ids = listed(config, touched, paths);
  } else {
    const auto roots = after->roots();
    for (const std::string& dir : touched)
      if (std::find(roots.begin(), roots.end(), dir) != roots.end()) ids.push_back({dir, "default", {}});
    const auto roots_before = before->roots();
    for (const std::string& dir : before->touched(paths)) {
      if (after->modules().contains(dir) ||
          std::find(roots_before.begin(), roots_before.end(), dir) == roots_before.end())
        continue;
      found.notes.push_back(
          fmt::format("The project `{}` is removed by this pull request. Its resources stay as they are, "
                      "and so does its state: destroy them before, or forget them.",
                      dir));
    }
  }
  for (const ProjectId& id : ids) {
    const auto module = after->modules().find(id.dir);
    if (module == after->modules().end()) {
      found.notes.push_back(fmt::format(
          "The project `{}` has no Terraform files on this commit: it is not planned.", to_string(id)));
      continue;
    }
    const config::ProjectEntry* entry = config.entry(id);
    found.projects.push_back({id, files_digest(repository, *after, to_tree, id.dir),
                              cannot_apply(module->second, config, id), module->second.problems,
                              entry == nullptr ? std::vector<ProjectId>() : entry->depends_on});
  }
  return found;
}

}  // namespace slipway::work
