#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// A user's Terraform CLI configuration (`terraform_rc`) as the two kinds of runs get it. Fetching modules
/// and providers has all of it: mirrors, hosts, credentials. A plan or an apply has nothing of it but what
/// can't hurt: it installs from our store, and sees no credential.
class CliConfig {
 public:
  /// `text` may be empty. What isn't understood is kept for fetching: Terraform will say what is wrong with
  /// it.
  explicit CliConfig(std::string_view text);

  /// For fetching. `store`: a mirror to look into before the user's own sources; empty: none.
  std::string for_fetching(const std::string& store) const;
  /// Directories that filesystem mirrors are in.
  const std::vector<std::string>& mirrors() const { return mirrors_; }
  /// Modules may need it: it says who one is at a registry, or where a registry is.
  bool names_hosts() const { return names_hosts_; }

  /// For runs: providers come from `store` alone.
  static std::string for_runs(const std::string& store);

 private:
  std::string other_;         // all but the provider sources and the plugin cache
  std::string installation_;  // the inside of provider_installation; empty: none was given
  std::vector<std::string> mirrors_;
  bool names_hosts_ = false;
};

/// An HCL string literal.
std::string hcl_quoted(std::string_view text);

}  // namespace slipway::runner
