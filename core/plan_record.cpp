#include "core/plan_record.h"

#include "core/json_reader.h"
#include "core/plan_members.h"
#include "core/record.h"

namespace slipway {

template <>
inline constexpr auto kWords<PolicyLevel> =
    std::array<std::string_view, 3>{"advisory", "overridable", "mandatory"};
template <>
inline constexpr auto kWords<PolicyOutcome> =
    std::array<std::string_view, 4>{"pass", "warn", "deny", "error"};

template <>
inline constexpr auto kMembers<PlanInputs> = std::tuple(
    member("merge_tree", &PlanInputs::merge_tree), member("files_digest", &PlanInputs::files_digest),
    member("tool", &PlanInputs::tool), member("lock_digest", &PlanInputs::lock_digest),
    member("variables_digest", &PlanInputs::variables_digest),
    member("policies_digest", &PlanInputs::policies_digest), member("state", &PlanInputs::state),
    member("scripts_digest", &PlanInputs::scripts_digest));

template <>
inline constexpr auto kMembers<Verdict> =
    std::tuple(member("policy", &Verdict::policy), member("level", &Verdict::level),
               member("outcome", &Verdict::outcome), member("messages", &Verdict::messages),
               member("owners", &Verdict::owners), member("overridden_by", &Verdict::overridden_by));

template <>
inline constexpr auto kMembers<PlanRecord> = std::tuple(
    member("id", &PlanRecord::id), member("change", &PlanRecord::change), member("run", &PlanRecord::run),
    member("head", &PlanRecord::head), member("base", &PlanRecord::base),
    member("inputs", &PlanRecord::inputs), member("plan_sha256", &PlanRecord::plan_sha256),
    member("semantic_digest", &PlanRecord::semantic_digest), member("destroys", &PlanRecord::destroys),
    member("change_digests", &PlanRecord::change_digests), member("counts", &PlanRecord::counts),
    member("flags", &PlanRecord::flags), member("complete", &PlanRecord::complete),
    member("verdicts", &PlanRecord::verdicts), member("sandbox", &PlanRecord::sandbox),
    member("made", &PlanRecord::made), member("expires", &PlanRecord::expires),
    member("shown_at", &PlanRecord::shown_at), member("plan_file", &PlanRecord::plan_file),
    member("materials", &PlanRecord::materials), member("summary", &PlanRecord::summary));

Json to_json(const PlanRecord& record) { return write_record(record); }

Result<PlanRecord> plan_record_from_json(const Json& json) { return record_from<PlanRecord>(json); }

}  // namespace slipway
