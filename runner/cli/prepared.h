#pragma once

#include "runner/cli/cli_config.h"
#include "runner/cli/initialize.h"
#include "runner/cli/provider_store.h"
#include "runner/cli/session.h"
#include "runner/cli/site.h"
#include "runner/cli/tool.h"

#include <memory>
#include <string>
#include <vector>

namespace slipway::runner {

/// The file that gives a project our own http backend: Terraform reads it after the others.
inline constexpr std::string_view kBackendOverride = "slipway_backend_override.tf";

/// All that the commands of one run need: program, site with its configuration files, session.
class Prepared {
 public:
  struct Setting {
    Sandbox& sandbox;
    ProviderStore& store;
    const RunPlace& place;
    const RunSettings& settings;
    RunLog& log;
    std::string site;  // its name below the run's directory
    std::string tree;  // the checkout's path inside, as a plan had it; empty: a new one
  };
  /// Makes the site anew, with `materials` of a plan in it (a path; empty: none).
  Prepared(const Setting& setting, const std::string& materials);
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  ~Prepared() {
    if (!keeps_site_) site_.leave();
  }

  /// For a command that runs on when this object is gone.
  void keep_site() { keeps_site_ = true; }
  Session& session() { return session_; }
  const Site& site() const { return site_; }
  Initialization initialization() {
    return Initialization({session_, store_, config_, backend_, place_.project.dir});
  }
  /// -var-file=… of the settings.
  const std::vector<std::string>& var_files() const { return var_files_; }
  /// Whether `init` may have something to do: if not, Terraform wouldn't write a thing, and it refuses to
  /// plan without one where it needs one.
  bool needs_init() const;
  /// What the run kept of its isolation.
  SandboxLevel level() const;
  /// Throws Failure unless the state goes to our own backend, where it must.
  void check_backend() const;

 private:
  void write_cli_config() const;
  void write_backend();
  void add_var_files();
  std::string copied(const std::string& path, const std::string& name) const;

  const RunPlace& place_;
  const RunSettings& settings_;
  ProviderStore& store_;
  Sandbox& sandbox_;
  CliConfig config_;
  Tool tool_;
  Site site_;
  Session session_;
  std::vector<std::string> backend_;
  std::vector<std::string> var_files_;
  bool keeps_site_ = false;
};

/// What a plan leaves for its apply: a lock file, modules, the files that planning made, and where the
/// checkout stood.
struct Materials {
  std::string tree;
  bool initialized = true;  // else the plan needed no init, and its apply needs none
};
/// Site of an apply, by what its plan left.
Site::Request site_request(const Prepared::Setting& setting);
void write_materials(const std::string& path, const Site& site, const Materials& materials);
Materials read_materials(const std::string& path);

}  // namespace slipway::runner
