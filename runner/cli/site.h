#pragma once

#include "core/sandbox.h"
#include "runner/cli/project_copy.h"
#include "runner/terraform.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace slipway::runner {

/// Where the checkout stands inside, on a machine that can map paths.
inline constexpr std::string_view kTree = "/slipway/tree";
inline constexpr std::string_view kProviders = "/slipway/providers";

/// What a run has of the disk: the whole checkout read-only, with a writable copy of the project's directory
/// over it, so that what a run writes is its own. The paths inside are the same for a plan and for the apply
/// of that plan, since `path.cwd` and `abspath` put them into the plan. Where paths can't be mapped, the
/// checkout's place is a directory of links to the shared one, below the directory of the plan's run; the
/// apply makes it again at the same path.
///
/// On the server's side all lies below the run's directory: project/ (the copy), out/ (the plan file),
/// config/ (CLI configuration, backend settings, var files: read-only inside).
class Site {
 public:
  struct Request {
    RunPlace place;
    std::string name;  // subdirectory of the run's directory
    std::string tree;  // the checkout's path inside, as the plan had it; empty: a new one
    bool maps_paths = true;
    std::optional<std::uint32_t> user;  // to whom the writable parts are given
  };
  /// Made anew, whatever stood there.
  static Site make(const Request& request);
  /// As `make` left it.
  static Site find(const Request& request);

  const std::string& tree() const { return tree_; }
  /// The project's directory inside, and on the server's disk.
  std::string project() const;
  std::string project_host() const;
  std::string out() const { return maps_paths_ ? "/slipway/out" : out_host(); }
  std::string out_host() const { return host_ + "/out"; }
  std::string config() const { return maps_paths_ ? "/slipway/config" : config_host(); }
  std::string config_host() const { return host_ + "/config"; }
  std::string fetch() const { return maps_paths_ ? "/slipway/fetch" : fetch_host(); }
  std::string fetch_host() const { return host_ + "/fetch"; }

  /// Gives what is writable to the run's user; after all was put there, before anything runs.
  void hand_over() const;
  /// The same for one file that was put there later.
  void hand_over(const std::string& path) const;
  bool maps_paths() const { return maps_paths_; }
  bool handed_over() const { return user_.has_value(); }
  std::vector<Bind> binds() const;
  /// Files and links that the run made or changed in its copy, but for Terraform's own and `ours`; names
  /// relative to the project.
  std::vector<std::string> made_files(std::string_view ours) const;
  /// Whether one of these words stands in the files of the project's directory that Terraform loads.
  bool mentions(const std::vector<std::string_view>& words) const;
  /// Removes what lies outside of this run's directory (the place of the links).
  void leave() const noexcept;

 private:
  explicit Site(const Request& request);
  void copy_project() const;
  void link_tree() const;
  std::string source() const;

  RunPlace place_;
  std::string host_;
  std::string tree_;
  bool maps_paths_;
  std::optional<std::uint32_t> user_;
  ProjectSurvey survey_;
};

}  // namespace slipway::runner
