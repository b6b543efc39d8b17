#pragma once

#include "core/json.h"
#include "hooks/hook.h"

#include <string>
#include <vector>

namespace slipway::hooks {

/// `?job=` and `?repo=` of /sd/prometheus; empty: all. A repo is "acme/infra" or "github/acme/infra".
struct TargetFilter {
  std::string job;
  std::string repo;
};

struct Targets {
  Json groups = Json::array();
  std::vector<std::string>
      problems;  // machines without an address, labels that were left out: a sentence each
};

/// What Prometheus reads from http_sd and file_sd: a list of {"targets": ["host:port"], "labels": {name:
/// text}}, a group for each exporter of each machine, in an order that stays. Labels are the machine's and
/// the exporter's (which win), `job`, `__scheme__`, `__metrics_path__`, and for relabelling:
///   __meta_slipway_forge, _repo, _dir, _workspace   where the machine is written down
///   __meta_slipway_address, _machine, _groups       its resource, its name, its groups as ",web,prod,"
///   __meta_slipway_pull, _commit                    what made it as it is; empty when it was found
/// Prometheus refuses a whole answer for one number or unknown member in it (`problem_of` looks for that).
Targets prometheus_targets(const Estate& estate, const TargetFilter& filter = {});

/// Why Prometheus would refuse these groups; empty: it would not.
std::string problem_of(const Json& groups);

}  // namespace slipway::hooks
