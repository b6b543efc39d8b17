#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "core/secret.h"

#include <string>
#include <vector>

namespace slipway::runner {

struct PlanReadOptions {
  Secret tag_key;                         // keys the hashes that stand for sensitive values
  std::vector<std::string> ignore_noise;  // "null_resource.*.triggers.now": see runner/plan/noise.h
  std::string document_path;              // where the redacted document is written; empty: nowhere
};

struct ReadPlan {
  Plan plan;
  std::string document_digest;  // SHA-256 of the redacted document, hex; empty when it was not written
};

/// Reads what `terraform show -json PLAN` wrote to the file at `path` (format version 1 of Terraform and
/// OpenTofu: "JSON Output Format" in their documentation), one resource at a time: memory is bounded by what
/// a Plan holds.
///
/// Sensitive values are gone from the plan and from the document: what a mask covers, what a sensitive
/// variable holds, and any string of at least kMinRedacted bytes that is equal to such a value wherever it
/// appears unmasked. Throws Failure when a file can't be read or written.
Result<ReadPlan> read_plan(const std::string& path, const PlanReadOptions& options);

}  // namespace slipway::runner
