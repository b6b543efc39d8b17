#pragma once

#include "bot/config/config.h"

#include <string>
#include <vector>

namespace slipway::config {

/// `projects:` of the server's configuration: entries that are one another's only by `depends_on`, which is
/// checked. Throws SettingsError.
std::vector<ProjectEntry> read_projects(const Settings& list, bool secrets);

/// `apply:`, of a repository or of one project. Throws SettingsError.
change::ApplyMode apply_mode(const Settings& value);

/// The id of an entry: dir, and workspace and name where they are given. Throws SettingsError.
ProjectId read_project_id(const Settings& entry);

/// An entry's place in the file, and its place among all projects.
struct PlacedEntry {
  const Settings* entry;
  std::size_t project;
};

/// Reads `depends_on` of these entries into `projects`: each name is that of a project among all of them (its
/// `name`, its directory, or DIR@WORKSPACE). Refuses a name that nobody has or several have, and a circle.
void read_dependencies(std::vector<ProjectEntry>& projects, const std::vector<PlacedEntry>& entries);

/// Refuses a project that stands there twice.
void refuse_twins(const std::vector<ProjectEntry>& projects, const std::vector<PlacedEntry>& entries);

}  // namespace slipway::config
