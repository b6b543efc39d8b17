#include "runner/cli/prepared.h"

#include "core/failure.h"
#include "core/json_reader.h"
#include "runner/cli/archive.h"
#include "runner/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSettingsFile = 4u << 20;
constexpr const char* kManifest = "manifest";
constexpr std::string_view kProjectPart = "project/";

std::string read_settings_file(const std::string& path) {
  if (path.empty()) return {};
  return while_doing("reading terraform_rc", [&] { return read_file(path, kMaxSettingsFile); });
}

}  // namespace

Site::Request site_request(const Prepared::Setting& setting) {
  const SandboxLevel& level = setting.sandbox.level();
  Site::Request request;
  request.place = setting.place;
  request.name = setting.site;
  request.tree = setting.tree;
  request.maps_paths = level.mount_namespace;
  // What the server's disk holds besides may be readable to root alone.
  if (setting.settings.read_paths.empty() && setting.settings.write_paths.empty())
    request.user = level.run_user;
  return request;
}

Prepared::Prepared(const Setting& setting, const std::string& materials)
    : place_(setting.place),
      settings_(setting.settings),
      store_(setting.store),
      sandbox_(setting.sandbox),
      config_(read_settings_file(setting.settings.terraform_rc)),
      tool_(find_tool(setting.settings.terraform)),
      site_(Site::make(site_request(setting))),
      session_({setting.sandbox, tool_, site_, settings_, place_, store_.packages(), config_.mirrors()},
               setting.log) {
  if (!materials.empty()) unpack(materials, std::string(kProjectPart), site_.project_host());
  write_cli_config();
  write_backend();
  add_var_files();
  site_.hand_over();
}

void Prepared::write_cli_config() const {
  const std::string store = site_.maps_paths() ? std::string(kProviders) : store_.packages();
  replace_file(site_.config_host() + "/cli.tfrc", CliConfig::for_runs(store));
  replace_file(site_.fetch_host() + "/cli.tfrc", config_.for_fetching(""));
}

/// A file of the server's, as the run may see it: its own may be readable to the server alone.
std::string Prepared::copied(const std::string& path, const std::string& name) const {
  replace_file(site_.config_host() + "/" + name, read_file(path, kMaxSettingsFile));
  return site_.config() + "/" + name;
}

void Prepared::write_backend() {
  if (settings_.state) {
    replace_file(site_.project_host() + "/" + std::string(kBackendOverride),
                 "# Slipway keeps this project's state.\nterraform {\n  backend \"http\" {}\n}\n");
    return;
  }
  std::string values;  // on no command line: they may be credentials
  for (std::size_t i = 0; i < settings_.backend_config.size(); ++i) {
    const std::string& entry = settings_.backend_config[i];
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos) {
      values += fmt::format("{} = {}\n", entry.substr(0, equals), hcl_quoted(entry.substr(equals + 1)));
    } else if (entry.starts_with('/')) {
      backend_.push_back("-backend-config=" + copied(entry, fmt::format("backend-{}.tfbackend", i)));
    } else {
      backend_.push_back(fmt::format("-backend-config={}/{}", site_.tree(), entry));
    }
  }
  if (values.empty()) return;
  replace_file(site_.config_host() + "/values.tfbackend", values);
  backend_.push_back("-backend-config=" + site_.config() + "/values.tfbackend");
}

void Prepared::add_var_files() {
  for (std::size_t i = 0; i < settings_.var_files.size(); ++i) {
    const std::string& file = settings_.var_files[i];
    const std::string_view ending = file.ends_with(".json") ? ".tfvars.json" : ".tfvars";
    const std::string path = file.starts_with('/') ? copied(file, fmt::format("variables-{}{}", i, ending))
                                                   : site_.tree() + "/" + file;
    var_files_.push_back("-var-file=" + path);
  }
}

bool Prepared::needs_init() const {
  return settings_.state || !settings_.backend_config.empty() ||
         exists(site_.project_host() + "/.terraform.lock.hcl") ||
         site_.mentions({"module", "backend", "cloud", "provider", "required_providers", "state_store"});
}

SandboxLevel Prepared::level() const {
  SandboxLevel level = sandbox_.level();
  if (level.run_user && !site_.handed_over()) {
    level.lacking.emplace_back(
        "this run keeps the user root, without its capabilities, since `paths` shows it files");
  }
  return level;
}

void Prepared::check_backend() const {
  if (!settings_.state) return;
  const auto record =
      read_inside(site_.project_host() + "/.terraform", "terraform.tfstate", kMaxSettingsFile);
  const auto type =
      record ? read_json(*record, [](const JsonReader& in) { return in["backend"]["type"].string(); })
             : Result<std::string>(refuse("init left no record of a backend"));
  if (type && *type == "http") return;
  throw Failure("Slipway is to keep this project's state, but init set up " +
                (type ? "the backend " + *type : "none: " + type.error().text()));
}

namespace {

/// A module's history isn't what is applied.
std::vector<std::string> module_files(const std::string& project) {
  std::vector<std::string> files;
  const std::string modules = project + "/.terraform/modules";
  if (!is_plain_directory(project + "/.terraform") || !is_plain_directory(modules)) return files;
  for (fs::recursive_directory_iterator entry(modules), end; entry != end; ++entry) {
    if (entry->path().filename() == ".git") {
      entry.disable_recursion_pending();
    } else if (entry->is_symlink() || entry->is_regular_file()) {
      files.push_back(entry->path().lexically_relative(project));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void write_materials(const std::string& path, const Site& site, const Materials& materials) {
  ArchiveWriter archive(path);
  archive.add_bytes(kManifest,
                    Json::object({{"tree", materials.tree}, {"initialized", materials.initialized}}).dump());
  const std::string project = site.project_host();
  const auto add = [&](const std::string& name) {
    archive.add(std::string(kProjectPart) + name, project + "/" + name);
  };
  if (is_plain_file(project + "/.terraform.lock.hcl")) add(".terraform.lock.hcl");
  for (const auto& name : on_disk("keeping modules", [&] { return module_files(project); })) add(name);
  for (const auto& name : site.made_files(kBackendOverride)) add(name);
  archive.finish();
}

Materials read_materials(const std::string& path) {
  const auto materials = read_json(unpack_bytes(path, kManifest), [](const JsonReader& in) {
    return Materials{in["tree"].string(), in["initialized"].boolean()};
  });
  if (!materials) throw Failure("reading a plan's materials: " + materials.error().text());
  return *materials;
}

}  // namespace slipway::runner
