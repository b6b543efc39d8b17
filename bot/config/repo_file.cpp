#include "bot/config/repo_file.h"

#include "bot/config/atlantis_file.h"
#include "bot/config/branch_pattern.h"
#include "bot/config/projects.h"
#include "bot/config/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace slipway::config {
namespace {

/// What people may look for here, since the server's own slipway.yaml has it.
constexpr std::string_view kServersKeys[] = {
    "listen",          "tls",          "public_url",     "data_dir",         "store",
    "workers",         "reconcile",    "shutdown_grace", "command_prefixes", "access",
    "encryption_key",  "forges",       "repos",          "machines",         "hooks",
    "apply",           "branch",       "repo_config",    "terraform",        "state",
    "environment",     "terraform_rc", "backend_config", "var_files",        "requirements",
    "confirm",         "plan_expiry",  "ignore_noise",   "timeouts",         "paths",
    "destroy_removed", "windows"};

void refuse_the_servers(const Settings& map) {
  for (const auto& [key, value] : map.map()) {
    if (std::find(std::begin(kServersKeys), std::end(kServersKeys), key) == std::end(kServersKeys)) continue;
    value.refuse(fmt::format(
        "`{}` is for the server's configuration alone; a repository's file has `projects` and `policies`",
        key));
  }
}

ProjectEntry read_project(const Settings& entry) {
  refuse_the_servers(entry);
  entry.only({"dir", "workspace", "name", "when_modified", "depends_on"});
  ProjectEntry project;
  project.id = read_project_id(entry);
  project.when_modified = entry.strings_or_none("when_modified");
  return project;
}

void read_policies(RepoConfig& config, const Settings& list) {
  for (const Settings& entry : list.list()) {
    policies::Policy policy = policies::read_policy(entry);
    const bool taken = std::any_of(config.policies.begin(), config.policies.end(),
                                   [&](const policies::Policy& one) { return one.name == policy.name; });
    if (taken)
      entry.refuse(
          fmt::format("there is a policy \"{}\" already, of the server or above: a repository adds "
                      "policies and changes none; give this one another `name`",
                      policy.name));
    config.policies.push_back(std::move(policy));
  }
}

void add_slipway_file(RepoConfig& config, const Settings& file) {
  refuse_the_servers(file);
  file.only({"projects", "policies"});
  if (const Settings* value = file.find("projects");
      value != nullptr && !(value->is_scalar() && value->scalar() == "auto")) {
    std::vector<FileProject> projects;
    for (const Settings& entry : value->list()) projects.push_back({read_project(entry), &entry});
    add_projects(config, std::move(projects));
  }
  if (const Settings* value = file.find("policies")) read_policies(config, *value);
}

/// A project that waits for one of a later group would wait for ever.
void refuse_crossed_groups(const std::vector<ProjectEntry>& projects,
                           const std::vector<PlacedEntry>& placed) {
  std::map<ProjectId, std::int64_t> groups;
  for (const ProjectEntry& project : projects) groups[project.id] = project.order_group;
  std::map<ProjectId, const Settings*> entries;
  for (const PlacedEntry& one : placed) entries[projects[one.project].id] = one.entry;
  for (const ProjectEntry& project : projects) {
    for (const ProjectId& other : project.depends_on) {
      if (groups[other] <= project.order_group) continue;
      // One of both stands in this file: a group is given nowhere else.
      const Settings* entry = entries.contains(project.id) ? entries[project.id] : entries[other];
      entry->refuse(
          fmt::format("`{}` depends on `{}`, whose `execution_order_group` is later ({} after {}); give "
                      "both the same group",
                      to_string(project.id), to_string(other), groups[other], project.order_group));
    }
  }
}

/// Who waits for it waits for it under its new name.
void give_name(std::vector<ProjectEntry>& projects, ProjectEntry& project, const std::string& name) {
  const ProjectId before = project.id;
  project.id.name = name;
  for (ProjectEntry& other : projects)
    std::replace(other.depends_on.begin(), other.depends_on.end(), before, project.id);
}

}  // namespace

void add_projects(RepoConfig& config, std::vector<FileProject> projects) {
  const auto servers = static_cast<std::ptrdiff_t>(config.projects.size());
  std::vector<PlacedEntry> placed;
  for (FileProject& from_file : projects) {
    const auto end = config.projects.begin() + servers;
    const auto known = std::find_if(config.projects.begin(), end, [&](const ProjectEntry& one) {
      return same_project(one.id, from_file.project.id);
    });
    if (known == end) {
      placed.push_back({from_file.entry, config.projects.size()});
      config.projects.push_back(std::move(from_file.project));
      continue;
    }
    placed.push_back({from_file.entry, static_cast<std::size_t>(known - config.projects.begin())});
    if (known->id.name.empty() && !from_file.project.id.name.empty())
      give_name(config.projects, *known, from_file.project.id.name);
    if (!from_file.project.when_modified.empty()) known->when_modified = from_file.project.when_modified;
    known->autoplan = from_file.project.autoplan;
    known->order_group = from_file.project.order_group;
    known->base_branch = from_file.project.base_branch;
  }
  refuse_twins(config.projects, placed);
  read_dependencies(config.projects, placed);
  refuse_crossed_groups(config.projects, placed);
}

Result<RepoConfig> with_repo_file(RepoConfig server, const RepoFileText& file) {
  try {
    const Settings settings = read_yaml(file.text, file.name);
    if (file.name == kAtlantisFile) {
      add_atlantis_file(server, settings);
      keep_projects_of_branch(server, file.branch);
    } else {
      add_slipway_file(server, settings);
    }
    return server;
  } catch (const SettingsError& error) {
    return refuse(error.what());
  }
}

}  // namespace slipway::config
