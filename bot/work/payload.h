#pragma once

#include "core/ids.h"
#include "core/json.h"
#include "core/json_reader.h"

#include <string>

namespace slipway::work {

/// Ids in a job's payload.
Json write(const RepoId& repo);
Json write(const PullId& pull);
Json write(const ProjectId& project);
Json write(const ChangeId& change);

/// Throw JsonMismatch: a payload is ours, so that is a bug, which ends the job.
RepoId read_repo(const JsonReader& in);
PullId read_pull(const JsonReader& in);
ProjectId read_project(const JsonReader& in);
ChangeId read_change(const JsonReader& in);

}  // namespace slipway::work
