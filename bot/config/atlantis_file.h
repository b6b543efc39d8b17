#pragma once

#include "bot/config/config.h"

#include <vector>

namespace slipway::config {

/// A project that a repository's file lists, and where.
struct FileProject {
  ProjectEntry project;
  const Settings* entry;
};
/// Adds them to those of the server: one that the server lists too keeps what the server gave it.
void add_projects(RepoConfig& config, std::vector<FileProject> projects);

/// atlantis.yaml, versions 2 and 3, as Atlantis' own documentation has it
/// (https://www.runatlantis.io/docs/repo-level-atlantis-yaml). What Slipway does not do is passed over with a
/// note; a key that looks misspelled is an error. Throws SettingsError.
void add_atlantis_file(RepoConfig& config, const Settings& file);

}  // namespace slipway::config
