#pragma once

#include "core/guarded.h"

#include <string>
#include <vector>

namespace slipway::runner {

/// Copies of the few files of /etc that programs need, and accounts of nobody but the run's user. They never
/// change, so a run keeps the ones that it began with.
struct SettingsView {
  std::string directory;
  std::vector<std::string> places;  // of its files, below it as below /etc: "/hosts", "/ssl/openssl.cnf"
};

/// The view that runs get, made again when an original changes (a new resolv.conf). It takes one mount where
/// the originals took a dozen, for each of which bwrap reads the table of all mounts. Any thread; any number
/// of processes may share the directory.
class SettingsViews {
 public:
  explicit SettingsViews(std::string directory);
  /// Throws Failure.
  SettingsView current() const;

 private:
  struct Made {
    std::string stamp;  // of the originals
    SettingsView view;
  };
  SettingsView make() const;

  std::string directory_;
  mutable Guarded<Made> made_;
};

}  // namespace slipway::runner
