#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::runner {

/// The providers that runs may use: unpacked packages in the layout of a filesystem mirror
/// (HOST/NAMESPACE/TYPE/VERSION/OS_ARCH), which runs see read-only, so that any number of them can be
/// initialized at once. One writer at a time fills it, in this process and in all others. A package comes in
/// whole, by a rename, and never changes again; what lock file vouches for it is checked by Terraform at
/// every run.
///
/// Beside the packages it keeps the lock files that a fetch completed with this platform's checksums, by the
/// digest of what they were, so that a lock file made elsewhere costs one fetch and not one for each run.
class ProviderStore {
 public:
  explicit ProviderStore(std::string directory);

  /// The mirror: a directory that exists.
  const std::string& packages() const { return packages_; }

  /// Runs `action` while nobody else writes. Throws Stopped when asked to stop while it waits.
  void write(const std::stop_token& stop, const std::function<void()>& action);

  /// Takes what a fetch left in a run's .terraform/providers: packages are moved, those that it linked to in
  /// one of the user's `mirrors` are copied. Only within `write`.
  void take(const std::string& fetched, const std::vector<std::string>& mirrors);

  std::optional<std::string> completed_lock(const std::string& lock) const;
  void remember_completed(const std::string& lock, const std::string& completed);

  /// Whether the sources were asked for newer versions than these a short while ago.
  bool asked_lately(const std::string& lock) const;
  void remember_asked(const std::string& lock);

 private:
  void take_package(const std::string& package, const std::string& place,
                    const std::vector<std::string>& mirrors);

  std::string directory_;
  std::string packages_;
};

}  // namespace slipway::runner
