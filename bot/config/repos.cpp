#include "bot/config/config.h"
#include "bot/config/projects.h"
#include "bot/config/values.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

namespace slipway::config {
namespace {

void read_environment(RepoConfig& config, const Settings& value, bool secrets) {
  value.only({"common", "plan", "apply"});
  std::map<std::string, Secret> common;
  if (const Settings* part = value.find("common")) common = environment(*part, secrets, true);
  config.plan_environment = common;
  config.apply_environment = common;
  if (const Settings* part = value.find("plan"))
    for (auto& [name, secret] : environment(*part, secrets, false))
      config.plan_environment.insert_or_assign(name, secret);
  if (const Settings* part = value.find("apply"))
    for (auto& [name, secret] : environment(*part, secrets, false))
      config.apply_environment.insert_or_assign(name, secret);
}

void read_paths(RepoConfig& config, const Settings& value) {
  value.only({"read", "write"});
  config.read_paths = value.strings_or_none("read");
  config.write_paths = value.strings_or_none("write");
  for (const auto* paths : {&config.read_paths, &config.write_paths}) {
    for (const std::string& path : *paths)
      if (path.empty() || path.front() != '/')
        value.refuse(fmt::format("\"{}\" is not an absolute path", path));
  }
}

bool glob(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace

void overlay(RepoConfig& config, const Settings& entry, bool secrets) {
  entry.only({"match", "apply", "branch", "projects", "repo_config", "terraform", "state", "environment",
              "terraform_rc", "backend_config", "var_files", "requirements", "confirm", "plan_expiry",
              "ignore_noise", "timeouts", "paths", "destroy_removed", "windows"});
  using change::Confirm;
  if (const Settings* value = entry.find("apply")) config.rules.apply = apply_mode(*value);
  if (entry.find("branch") != nullptr) config.branches = entry.strings_or_none("branch");
  if (const Settings* value = entry.find("projects")) {
    const bool found = value->is_scalar() && value->scalar() == "auto";
    config.projects = found ? std::vector<ProjectEntry>() : read_projects(*value, secrets);
    config.rules.apply_of.clear();
    for (const ProjectEntry& project : config.projects)
      if (project.apply) config.rules.apply_of.emplace(project.id, *project.apply);
  }
  if (const Settings* value = entry.find("repo_config"))
    config.reads_repo_file = one_of<bool>(*value, {{"base", true}, {"never", false}});
  config.terraform = entry.string_or("terraform", config.terraform);
  if (const Settings* value = entry.find("state"))
    config.state =
        one_of<StateMode>(*value, {{"declared", StateMode::Declared}, {"slipway", StateMode::Slipway}});
  if (const Settings* value = entry.find("environment")) read_environment(config, *value, secrets);
  config.terraform_rc = entry.string_or("terraform_rc", config.terraform_rc);
  if (entry.find("backend_config") != nullptr)
    config.backend_config = entry.strings_or_none("backend_config");
  if (entry.find("var_files") != nullptr) config.var_files = entry.strings_or_none("var_files");
  if (const Settings* value = entry.find("requirements")) {
    config.rules.requirements = entry.strings_or_none("requirements");
    for (const std::string& name : config.rules.requirements) {
      if (name != "approved" && name != "mergeable" && name != "undiverged")
        value->refuse(fmt::format("\"{}\" is not one of: approved, mergeable, undiverged", name));
    }
  }
  if (const Settings* value = entry.find("confirm")) {
    config.rules.confirm = one_of<Confirm>(
        *value,
        {{"writers", Confirm::Writers}, {"not_author", Confirm::NotAuthor}, {"owners", Confirm::Owners}});
  }
  if (const Settings* value = entry.find("plan_expiry")) config.plan_expiry = value->duration();
  if (entry.find("ignore_noise") != nullptr) config.ignore_noise = entry.strings_or_none("ignore_noise");
  if (const Settings* value = entry.find("timeouts")) {
    value->only({"plan", "apply"});
    if (const Settings* time = value->find("plan")) config.plan_timeout = time->duration();
    if (const Settings* time = value->find("apply")) config.apply_timeout = time->duration();
  }
  if (const Settings* value = entry.find("paths")) read_paths(config, *value);
  config.destroy_removed = entry.boolean_or("destroy_removed", config.destroy_removed);
  if (const Settings* value = entry.find("windows")) read_windows(*value);  // refused here, if it is wrong
}

bool RepoConfig::counts(std::string_view branch) const {
  return std::any_of(branches.begin(), branches.end(),
                     [&](const std::string& pattern) { return glob(pattern, std::string(branch)); });
}

const ProjectEntry* RepoConfig::entry(const ProjectId& project) const {
  auto found = std::find_if(projects.begin(), projects.end(),
                            [&](const ProjectEntry& one) { return one.id == project; });
  if (found == projects.end())
    found = std::find_if(projects.begin(), projects.end(),
                         [&](const ProjectEntry& one) { return same_project(one.id, project); });
  return found == projects.end() ? nullptr : &*found;
}

bool same_project(const ProjectId& a, const ProjectId& b) {
  return a.dir == b.dir && a.workspace == b.workspace &&
         (a.name == b.name || a.name.empty() || b.name.empty());
}

std::optional<RepoConfig> Config::repo(const RepoId& id) const {
  std::optional<RepoConfig> out;
  for (const Settings& entry : repos) {
    if (!glob(entry.string("match"), id.path)) continue;
    if (!out) out.emplace();
    overlay(*out, entry, true);
  }
  if (out) {
    out->policies = policies;
    for (const policies::Policy& policy : policies)
      out->rules.owners.insert(out->rules.owners.end(), policy.owners.begin(), policy.owners.end());
  }
  return out;
}

std::vector<Calendar> Config::windows(const RepoId& id) const {
  const Settings* last = nullptr;
  for (const Settings& entry : repos) {
    const Settings* value = entry.find("windows");
    if (value != nullptr && glob(entry.string("match"), id.path)) last = value;
  }
  return last == nullptr ? std::vector<Calendar>() : read_windows(*last);
}

std::vector<std::string> Config::repo_patterns() const {
  std::vector<std::string> out;
  for (const Settings& entry : repos) out.push_back(entry.string("match"));
  return out;
}

}  // namespace slipway::config
