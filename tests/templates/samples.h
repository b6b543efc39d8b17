#pragma once

#include "templates/message.h"

#include <string>
#include <string_view>
#include <vector>

/// The pull request that most tests speak of: acme/infra#12, head 9c1e4f2 merged onto main 77ab031.
namespace slipway::templates::samples {

inline constexpr std::string_view kHead = "9c1e4f2d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d";
inline constexpr std::string_view kBase = "77ab031c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a";

/// JSON in which {"$unknown":true} and {"$sensitive":"tag"} are what they are in core/plan_value.h.
PlanValue value(std::string_view json);

ResourceChange created(std::string_view address, std::string_view after);
ResourceChange destroyed(std::string_view address, std::string_view before);
ResourceChange updated(std::string_view address, std::string_view before, std::string_view after);
ResourceChange replaced(std::string_view address, std::string_view before, std::string_view after,
                        std::vector<std::string> paths);
OutputChange output(std::string_view name, std::string_view before, std::string_view after);

/// Counts are counted.
Plan plan(std::vector<ResourceChange> changes, std::vector<OutputChange> outputs = {});
PlanShown shown(Plan plan, PlanId id, std::vector<Verdict> verdicts = {});
Verdict passed(std::string_view policy);

Machine machine(std::string_view name, std::vector<std::string> groups, std::vector<std::string> jobs);
Diagnostic undeclared();

ProjectReport project(std::string_view dir, ChangeState state);
ProjectReport project(std::string_view dir, ChangeState state, PlanShown plan);
PullReport pull(std::vector<ProjectReport> projects);

/// Two web servers and what they become.
ProjectReport web(ChangeState state);
/// One destroy, one replacement, an update of two things.
ProjectReport db(ChangeState state);
phase::Trigger merge();

}  // namespace slipway::templates::samples
