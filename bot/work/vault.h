#pragma once

#include "bot/work/tools.h"
#include "core/plan.h"
#include "templates/message.h"

#include <string>
#include <string_view>

namespace slipway::work {

inline constexpr std::size_t kMaxBlob = 1u << 30;  // bytes, unpacked

/// Plans and states as blobs: compressed, sealed for one purpose, named by a keyed digest of their bytes.
std::string keep_blob(const Tools& tools, std::string_view purpose, std::string_view bytes);
std::string open_blob(const Tools& tools, std::string_view purpose, const std::string& name);
/// From and to files of a run, which are private to it.
std::string keep_file(const Tools& tools, std::string_view purpose, const std::string& path);
void open_to_file(const Tools& tools, std::string_view purpose, const std::string& name,
                  const std::string& path);

inline constexpr std::string_view kPlanPurpose = "plan";
inline constexpr std::string_view kMaterialsPurpose = "materials";
inline constexpr std::string_view kSummaryPurpose = "summary";
inline constexpr std::string_view kStatePurpose = "state";
inline constexpr std::string_view kErroredStatePurpose = "errored state";

/// What the comment shows of a plan: kept beside it, so that saying it needs neither Terraform nor jq.
struct Summary {
  Plan plan;
  templates::MachinesShown machines;
};
std::string keep_summary(const Tools& tools, const Summary& summary);
Summary open_summary(const Tools& tools, const std::string& name);

}  // namespace slipway::work
