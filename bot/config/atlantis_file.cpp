#include "bot/config/atlantis_file.h"

#include "bot/config/branch_pattern.h"
#include "bot/config/projects.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace slipway::config {
namespace {

constexpr std::string_view kWorkflows =
    "Slipway runs Terraform itself and no workflows; `var_files`, `backend_config` and `environment` are for "
    "the "
    "server's configuration";
constexpr std::string_view kTool = "which Terraform is run is for the server's `terraform` to say";
constexpr std::string_view kRequirements = "what an apply needs is for the server's `requirements` to say";
constexpr std::string_view kPolicies =
    "every project is judged by all policies, of the server and of slipway.yaml";
constexpr std::string_view kBranches = "merging and deleting branches is left to the forge";
/// Slipway does so anyway, or what it is about does not exist here.
constexpr std::string_view kNothingToSay = "";

/// A key of Atlantis' that is passed over, and what is said of it.
struct PassedOver {
  std::string_view key;
  std::string_view why;
};
constexpr PassedOver kOfTheFile[] = {{"workflows", kWorkflows},
                                     {"policies", kPolicies},
                                     {"automerge", kBranches},
                                     {"delete_source_branch_on_merge", kBranches},
                                     {"parallel_plan", kNothingToSay},
                                     {"parallel_apply", kNothingToSay},
                                     {"emoji_reaction", kNothingToSay},
                                     {"allowed_regexp_prefixes", kNothingToSay},
                                     {"abort_on_execution_order_fail", kNothingToSay},
                                     {"repo_locks", kNothingToSay},
                                     {"silence_pr_comments", kNothingToSay}};
constexpr PassedOver kOfAProject[] = {{"workflow", kWorkflows},
                                      {"terraform_version", kTool},
                                      {"terraform_distribution", kTool},
                                      {"plan_requirements", kRequirements},
                                      {"apply_requirements", kRequirements},
                                      {"import_requirements", kRequirements},
                                      {"policy_check", kPolicies},
                                      {"custom_policy_check", kPolicies},
                                      {"delete_source_branch_on_merge", kBranches},
                                      {"repo_locking", kNothingToSay},
                                      {"repo_locks", kNothingToSay},
                                      {"silence_pr_comments", kNothingToSay}};

/// The keys that are passed over, each said once with the place where it stands first.
class Notes {
 public:
  /// Every key of the map but those in `used`.
  template <std::size_t kCount>
  void take(const Settings& map, std::initializer_list<std::string_view> used,
            const PassedOver (&passed_over)[kCount]) {
    std::vector<std::string_view> known(used);
    for (const PassedOver& one : passed_over) known.push_back(one.key);
    for (const auto& [key, value] : map.map()) {
      if (std::find(used.begin(), used.end(), key) != used.end()) continue;
      const auto found = std::find_if(std::begin(passed_over), std::end(passed_over),
                                      [&name = key](const PassedOver& one) { return one.key == name; });
      if (found != std::end(passed_over)) {
        note(key, value, found->why);
      } else if (const auto meant = closest(key, known)) {
        value.refuse(fmt::format("unknown key \"{}\"; did you mean \"{}\"?", key, *meant));
      } else {
        note(key, value, "Slipway does not know it");
      }
    }
  }

  std::vector<std::string> sentences() const {
    std::vector<std::string> out;
    for (const Note& one : notes_) {
      const std::string more = one.times == 1 ? "" : fmt::format(" and {} more", one.times - 1);
      out.push_back(fmt::format("`{}` ({}{}) is passed over: {}.", one.key, one.place, more, one.why));
    }
    return out;
  }

 private:
  struct Note {
    std::string key;
    std::string place;
    std::string_view why;
    std::size_t times = 1;
  };

  void note(const std::string& key, const Settings& value, std::string_view why) {
    if (why.empty()) return;
    const auto known =
        std::find_if(notes_.begin(), notes_.end(), [&](const Note& one) { return one.key == key; });
    if (known != notes_.end()) {
      ++known->times;
    } else {
      notes_.push_back({key, value.place(), why});
    }
  }

  std::vector<Note> notes_;
};

void read_version(const Settings& file) {
  const Settings* version = file.find("version");
  if (version == nullptr) file.refuse("`version` is missing; write `version: 3`");
  if (version->scalar() != "3" && version->scalar() != "2")
    version->refuse(fmt::format("version {} is not known; write `version: 3`", version->scalar()));
}

ProjectEntry read_project(const Settings& entry, Notes& notes) {
  notes.take(entry, {"name", "dir", "workspace", "branch", "autoplan", "depends_on", "execution_order_group"},
             kOfAProject);
  ProjectEntry project;
  project.id = read_project_id(entry);
  if (const Settings* value = entry.find("autoplan")) {
    value->only({"when_modified", "enabled"});
    project.when_modified = value->strings_or_none("when_modified");
    project.autoplan = value->boolean_or("enabled", true);
  }
  project.order_group = entry.integer_or("execution_order_group", 0);
  if (project.order_group < 0)
    entry.at("execution_order_group").refuse("an `execution_order_group` is 0 or more");
  if (const Settings* value = entry.find("branch")) project.base_branch = read_branch_pattern(*value);
  return project;
}

void read_autodiscover(RepoConfig& config, const Settings& value) {
  value.only({"mode", "ignore_paths"});
  const std::string mode = value.string_or("mode", "auto");
  if (mode == "auto") {
    config.discovery = Discovery::Unlisted;
  } else if (mode == "enabled") {
    config.discovery = Discovery::Besides;
  } else if (mode == "disabled") {
    config.discovery = Discovery::Never;
  } else {
    value.at("mode").refuse(fmt::format("\"{}\" is not one of: auto, enabled, disabled", mode));
  }
  config.ignore_paths = value.strings_or_none("ignore_paths");
}

}  // namespace

void add_atlantis_file(RepoConfig& config, const Settings& file) {
  Notes notes;
  notes.take(file, {"version", "projects", "autodiscover"}, kOfTheFile);
  read_version(file);
  if (const Settings* value = file.find("projects")) {
    std::vector<FileProject> projects;
    for (const Settings& entry : value->list()) projects.push_back({read_project(entry, notes), &entry});
    add_projects(config, std::move(projects));
  }
  if (const Settings* value = file.find("autodiscover")) read_autodiscover(config, *value);
  const auto sentences = notes.sentences();
  config.notes.insert(config.notes.end(), sentences.begin(), sentences.end());
}

}  // namespace slipway::config
