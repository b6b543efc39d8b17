#include "core/change.h"

#include "core/json_reader.h"
#include "core/plan_members.h"
#include "core/record.h"

namespace slipway {

using namespace phase;  // NOLINT(google-build-using-namespace): the lists below are about nothing else

template <>
inline constexpr auto kMembers<LockHolder> =
    std::tuple(member("id", &LockHolder::id), member("who", &LockHolder::who),
               member("operation", &LockHolder::operation), member("since", &LockHolder::since));
template <>
inline constexpr auto kMembers<UnwrittenState> =
    std::tuple(member("blob", &UnwrittenState::blob), member("lock", &UnwrittenState::lock),
               member("written", &UnwrittenState::written), member("refusal", &UnwrittenState::refusal));
template <>
inline constexpr auto kMembers<Trigger> = std::tuple(
    member("merge", &Trigger::merge), member("group", &Trigger::group), member("actor", &Trigger::actor),
    member("commit", &Trigger::commit), member("base_before", &Trigger::base_before),
    member("order", &Trigger::order), member("at", &Trigger::at), member("confirmed", &Trigger::confirmed),
    member("plan", &Trigger::plan), member("lacks", &Trigger::lacks), member("closed", &Trigger::closed),
    member("let_go", &Trigger::let_go));

template <>
inline constexpr auto kMembers<Waiting> = std::tuple(member("reason", &Waiting::reason));
template <>
inline constexpr auto kMembers<Planning> = std::tuple(member("run", &Planning::run));
template <>
inline constexpr auto kMembers<PlanFailed> =
    std::tuple(member("run", &PlanFailed::run), member("error", &PlanFailed::error),
               member("diagnostics", &PlanFailed::diagnostics));
template <>
inline constexpr auto kMembers<NoChanges> =
    std::tuple(member("plan", &NoChanges::plan), member("trigger", &NoChanges::trigger));
template <>
inline constexpr auto kMembers<Ready> =
    std::tuple(member("plan", &Ready::plan), member("confirmed_by", &Ready::confirmed_by));
template <>
inline constexpr auto kMembers<Blocked> = std::tuple(member("plan", &Blocked::plan));
template <>
inline constexpr auto kMembers<Queued> = std::tuple(member("trigger", &Queued::trigger));
template <>
inline constexpr auto kMembers<Joined> =
    std::tuple(member("trigger", &Joined::trigger), member("lead", &Joined::lead));
template <>
inline constexpr auto kMembers<Verifying> = std::tuple(member("trigger", &Verifying::trigger));
template <>
inline constexpr auto kMembers<Replanning> =
    std::tuple(member("trigger", &Replanning::trigger), member("run", &Replanning::run));
template <>
inline constexpr auto kMembers<AwaitingConfirm> =
    std::tuple(member("trigger", &AwaitingConfirm::trigger), member("plan", &AwaitingConfirm::plan),
               member("compared_to", &AwaitingConfirm::compared_to), member("why", &AwaitingConfirm::why));
template <>
inline constexpr auto kMembers<Applying> = std::tuple(
    member("trigger", &Applying::trigger), member("plan", &Applying::plan), member("run", &Applying::run),
    member("done", &Applying::done), member("total", &Applying::total),
    member("replanned", &Applying::replanned), member("attempt", &Applying::attempt));
template <>
inline constexpr auto kMembers<Applied> = std::tuple(
    member("trigger", &Applied::trigger), member("plan", &Applied::plan), member("run", &Applied::run),
    member("replanned", &Applied::replanned), member("after", &Applied::after));
template <>
inline constexpr auto kMembers<ApplyFailed> =
    std::tuple(member("trigger", &ApplyFailed::trigger), member("plan", &ApplyFailed::plan),
               member("run", &ApplyFailed::run), member("done", &ApplyFailed::done),
               member("total", &ApplyFailed::total), member("error", &ApplyFailed::error),
               member("diagnostics", &ApplyFailed::diagnostics), member("left", &ApplyFailed::left),
               member("unwritten", &ApplyFailed::unwritten), member("locked_by", &ApplyFailed::locked_by));
template <>
inline constexpr auto kMembers<Interrupted> =
    std::tuple(member("trigger", &Interrupted::trigger), member("plan", &Interrupted::plan),
               member("run", &Interrupted::run), member("before", &Interrupted::before),
               member("after", &Interrupted::after), member("finding", &Interrupted::finding),
               member("left", &Interrupted::left), member("unwritten", &Interrupted::unwritten));
template <>
inline constexpr auto kMembers<Onboarding> =
    std::tuple(member("applied", &Onboarding::applied), member("waiting", &Onboarding::waiting));
template <>
inline constexpr auto kMembers<Done> = std::tuple(member("applied", &Done::applied));
template <>
inline constexpr auto kMembers<HookFailure> =
    std::tuple(member("hook", &HookFailure::hook), member("machine", &HookFailure::machine),
               member("why", &HookFailure::why), member("job", &HookFailure::job));
template <>
inline constexpr auto kMembers<Degraded> =
    std::tuple(member("applied", &Degraded::applied), member("failures", &Degraded::failures),
               member("waiting", &Degraded::waiting));
template <>
inline constexpr auto kMembers<Discarded> =
    std::tuple(member("why", &Discarded::why), member("untouched", &Discarded::untouched));

namespace {

/// In the order of the variant. Rows in the Store carry these words: a new state is added, none is renamed.
constexpr std::string_view kNames[] = {
    "Waiting",     "Planning",   "PlanFailed", "NoChanges",       "Ready",    "Blocked", "Queued",
    "Joined",      "Verifying",  "Replanning", "AwaitingConfirm", "Applying", "Applied", "ApplyFailed",
    "Interrupted", "Onboarding", "Done",       "Degraded",        "Discarded"};
static_assert(std::size(kNames) == std::variant_size_v<ChangeState>);

template <std::size_t kIndex = 0>
ChangeState read_state(const JsonReader& in) {
  if constexpr (kIndex == std::variant_size_v<ChangeState>) {
    in["state"].mismatch("the name of a state");
  } else {
    if (in["state"].string() != kNames[kIndex]) return read_state<kIndex + 1>(in);
    return record_in<std::variant_alternative_t<kIndex, ChangeState>>(in);
  }
}

}  // namespace

std::string_view name_of(const ChangeState& state) { return kNames[state.index()]; }

const Trigger* trigger_ever(const ChangeState& state) {
  return std::visit(
      [](const auto& alternative) -> const Trigger* {
        if constexpr (requires { alternative.trigger; }) {
          return &alternative.trigger;
        } else if constexpr (requires { alternative.applied; }) {
          return &alternative.applied.trigger;
        } else {
          return nullptr;
        }
      },
      state);
}

const UnwrittenState* unwritten_of(const ChangeState& state) {
  const UnwrittenState* found = nullptr;
  if (const auto* failed = std::get_if<ApplyFailed>(&state)) found = &failed->unwritten;
  if (const auto* lost = std::get_if<Interrupted>(&state)) found = &lost->unwritten;
  return found == nullptr || found->blob.empty() ? nullptr : found;
}

Json to_json(const ChangeState& state) {
  Json out = std::visit([](const auto& alternative) { return write_record(alternative); }, state);
  out["state"] = name_of(state);
  return out;
}

Result<ChangeState> change_state_from_json(const Json& json) {
  return read_value(json, [](const JsonReader& in) { return read_state(in); });
}

}  // namespace slipway
