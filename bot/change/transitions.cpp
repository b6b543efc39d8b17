#include "bot/change/transitions.h"

#include <fmt/format.h>

#include <set>
#include <stdexcept>
#include <utility>

namespace slipway::change {
namespace {

using namespace phase;  // NOLINT(google-build-using-namespace): the table is about nothing else

constexpr States kUnmerged = any_of<Waiting, Planning, PlanFailed, NoChanges, Ready, Blocked, Discarded>();
constexpr States kOver = any_of<Applied, Onboarding, Done, Degraded>();
constexpr States kAsking = any_of<AwaitingConfirm, ApplyFailed, Interrupted>();
constexpr States kInQueue = any_of<Queued, Joined>();

constexpr Transition kTable[] = {
    {Way::PlanBegins, kUnmerged | kAsking | kOver, "Prepared, WentStale, `plan`",
     "the pull request is open, and its head, its files or its state moved, or a person asks",
     index_of<Planning>(), "stop the older run, run a plan"},
    {Way::NotAskedFor, kUnmerged | kAsking | kOver, "Prepared",
     "it is planned only when a comment asks, and none has on this head", index_of<Waiting>(),
     "stop its run"},
    {Way::NothingToDo, any_of<Planning>(), "Planned", "the plan is empty", index_of<NoChanges>(),
     "keep the plan, show"},
    {Way::PlanIsReady, any_of<Planning>(), "Planned", "no policy stands in the way", index_of<Ready>(),
     "keep the plan, show"},
    {Way::PlanIsBlocked, any_of<Planning>(), "Planned", "a policy denies it, or could not be asked",
     index_of<Blocked>(), "keep the plan, show"},
    {Way::PlanFails, any_of<Planning>(), "PlanFailed", "", index_of<PlanFailed>(), "show"},
    {Way::PolicyOverridden, any_of<Blocked>(), "`approve`",
     "an owner overrides the last policy that stood in the way", index_of<Ready>(),
     "save the verdicts, record, show"},
    {Way::Dropped, kUnmerged | kInQueue | any_of<AwaitingConfirm>(), "Looked, Prepared, PrepareFailed",
     "closed, waits for a person, conflicts, or this head does not touch it, or is another than an apply was "
     "asked for",
     index_of<Discarded>(), "stop its run"},
    {Way::DiscardedByPerson, kUnmerged | kInQueue | any_of<AwaitingConfirm>(), "`discard`", "",
     index_of<Discarded>(), "stop its run, part from those that joined it, record, show"},
    {Way::Merged, kUnmerged | kInQueue | kAsking | kOver, "MergePrepared", "what was merged touches it",
     index_of<Queued>(), "stop its run, advance its queue"},
    {Way::MergedNotTouched, kUnmerged | kInQueue, "MergePrepared", "what was merged does not touch it",
     index_of<Discarded>(), "stop its run"},
    {Way::MergedNotAppliable, kUnmerged | kInQueue | kAsking | kOver, "MergePrepared",
     "it has no state to keep", index_of<Discarded>(), "stop its run"},
    {Way::MergedBeforeApply, kUnmerged | kInQueue | kAsking | kOver, "MergePrepared",
     "`apply: on_comment`, and nobody had commented", index_of<AwaitingConfirm>(), "show"},
    {Way::BaseRewritten, kInQueue | kAsking | any_of<Verifying, Replanning>(), "BaseRewritten",
     "the base branch was rewritten, and does not hold what was merged", index_of<Queued>(),
     "advance its queue: the base branch is planned, and a person asked"},
    {Way::LeftBehind, kUnmerged | kInQueue | kOver | kAsking, "ClosedPrepared",
     "it was applied, and closed without a merge or let go by its merge queue", index_of<Queued>(),
     "advance its queue: the base branch is planned, and a person asked"},
    {Way::OpenedAgain, kInQueue | kAsking | kOver | any_of<NoChanges>(), "Looked",
     "it was applied, closed without a merge, and opened again or merged; "
     "or what its merge queue let go is as the base branch says",
     index_of<Discarded>(), "prepare"},
    {Way::AskedByComment, any_of<Ready>(), "`apply`", "applied by comment, and all requirements are met",
     index_of<Queued>(), "advance its queue"},
    {Way::AskedByQueue, kUnmerged | kInQueue | kAsking | kOver, "GroupPrepared",
     "`apply: in_queue`: a merge queue asks about a commit of its own that touches it", index_of<Queued>(),
     "stop its run, advance its queue"},
    {Way::LetGo, any_of<Queued, Verifying, Replanning>(), "GroupGone, GroupPrepared, Looked",
     "the merge queue does not stand by its commit any more, and nothing of it has begun",
     index_of<Discarded>(), "stop its run, prepare, advance its queue"},
    {Way::Confirmed, kAsking, "`apply PLAN_ID`", "by somebody whom `confirm:` allows", index_of<Queued>(),
     "record, advance its queue"},
    {Way::ConfirmedForQueue, kAsking, "`apply PLAN_ID`",
     "it was asked for by a merge queue, which has to ask again", index_of<Ready>(), "record, show"},
    {Way::ComparedAnew, any_of<AwaitingConfirm>(), "`plan`, its queue advances, Applied",
     "after the merge; or an earlier merge of its state was heard of, or applied", index_of<Queued>(),
     "advance its queue"},
    {Way::Begins, any_of<Queued>(), "its queue advances",
     "nothing of its state is under way, nothing it depends on is unfinished, nothing withholds it",
     index_of<Verifying>(), "find out what a plan would be made from now"},
    {Way::Joins, kInQueue | kAsking, "its queue advances",
     "a later merge of its state begins, goes on, or waits for a person", index_of<Joined>(), "show"},
    {Way::Parts, any_of<Joined>(), "`discard`", "its lead was discarded", index_of<Queued>(), "show"},
    {Way::CannotBegin, any_of<Verifying>(), "VerifyFailed", "", index_of<AwaitingConfirm>(),
     "show, advance the queue"},
    {Way::NothingLeft, any_of<Verifying, Replanning, Joined>(), "Verified, Planned", "the plan is empty",
     index_of<NoChanges>(), "show, advance the queue"},
    {Way::HoldsExactly, any_of<Verifying>(), "Verified", "exact", index_of<Applying>(),
     "run the apply of the saved plan, record"},
    {Way::Moved, any_of<Verifying>(), "Verified", "not exact, or nothing was approved",
     index_of<Replanning>(), "run a plan of the merged commit"},
    {Way::HoldsAgain, any_of<Replanning>(), "Planned",
     "parity: nothing in it that was not approved by the merges it serves", index_of<Applying>(),
     "run the apply of the new plan, record"},
    {Way::Differs, any_of<Replanning>(), "Planned", "else", index_of<AwaitingConfirm>(),
     "say what differs and who must act, advance the queue"},
    {Way::ReplanFails, any_of<Replanning>(), "PlanFailed", "", index_of<AwaitingConfirm>(),
     "say why, advance the queue"},
    {Way::WaitsAgain, any_of<Verifying, Replanning>(), "Verified, Planned",
     "it would be applied, and a freeze or a closed window withholds it by now", index_of<Queued>(),
     "part from those that joined it, show"},
    {Way::HeldBack, any_of<Applying>(), "ApplyHeldBack",
     "a freeze or a closed window withholds it, and nothing of it had begun", index_of<Queued>(),
     "part from those that joined it, show"},
    {Way::RefusedAsStale, any_of<Applying>(), "ApplyFailed", "Terraform calls the saved plan stale",
     index_of<Replanning>(), "run a plan of the merged commit"},
    {Way::AppliedWhole, any_of<Applying>(), "Applied", "no hook answers it", index_of<Done>(),
     "record, say the result, refresh others' plans, advance the queue"},
    {Way::AppliedTogether, any_of<Joined>(), "Applied", "its lead was applied", index_of<Done>(),
     "say the result"},
    {Way::AppliedWithHooks, any_of<Applying>(), "Applied", "hooks answer it", index_of<Onboarding>(),
     "record, say the result, refresh others' plans, advance the queue"},
    {Way::FailsHalfWay, any_of<Applying>(), "ApplyFailed",
     "it began, or it failed three times before it could begin", index_of<ApplyFailed>(),
     "plan what is left, or push its state back first; raise an issue, say it, refresh others' plans, "
     "advance "
     "the queue"},
    {Way::IsLost, any_of<Applying>(), "ApplyLost", "it may have begun", index_of<Interrupted>(),
     "plan what is left, or push its state back first; say it, refresh others' plans, advance the queue"},
    {Way::WasWhole, any_of<Interrupted, ApplyFailed>(), "Planned",
     "the plan of what is left is empty; after a failure: now that its state was pushed back",
     index_of<Done>(), "show, advance the queue"},
    {Way::OnboardingEnds, any_of<Onboarding>(), "HookEnded", "it was the last", index_of<Done>(), "show"},
    {Way::HookGivesUp, any_of<Onboarding>(), "HookEnded", "it failed for good", index_of<Degraded>(),
     "say it, show"},
    {Way::HookMended, any_of<Degraded>(), "HookEnded", "the last that had failed came through",
     index_of<Done>(), "show"},
    {Way::OthersWait, any_of<Degraded>(), "HookEnded",
     "the last that had failed came through, and others have not ended", index_of<Onboarding>(), "show"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kTable); ++i)
    if (static_cast<std::size_t>(kTable[i].way) != i) return false;
  return true;
}
static_assert(in_order() && std::size(kTable) == static_cast<std::size_t>(Way::OthersWait) + 1);

template <std::size_t... kIndex>
std::string_view name_at(std::size_t index, std::index_sequence<kIndex...>) {
  std::string_view name;
  const auto one = [&]<std::size_t kOne>() {
    if (kOne == index) name = name_of(ChangeState(std::in_place_index<kOne>));
  };
  (one.template operator()<kIndex>(), ...);
  return name;
}

std::string_view name_at(std::size_t index) {
  return name_at(index, std::make_index_sequence<std::variant_size_v<ChangeState>>());
}

std::string names_of(States states) {
  std::string out;
  for (std::size_t i = 0; i < std::variant_size_v<ChangeState>; ++i) {
    if ((states & (States{1} << i)) == 0) continue;
    if (!out.empty()) out += ", ";
    out += name_at(i);
  }
  return out;
}

}  // namespace

std::span<const Transition> transitions() { return kTable; }

const Transition& checked(Way way, const ChangeState& from) {
  const Transition& row = kTable[static_cast<std::size_t>(way)];
  if ((row.from & (States{1} << from.index())) == 0)
    throw std::logic_error(
        fmt::format("a change in state {} can't become {} by {}", name_of(from), name_at(row.to), row.event));
  return row;
}

std::string transitions_as_markdown() {
  std::string out =
      "# The life of a change\n\n"
      "A change is one project's way through one pull request. This page is written from the table in\n"
      "`bot/change/transitions.cpp`, which the program itself goes by: a move that is not in it cannot be\n"
      "made.\n\n```mermaid\nstateDiagram-v2\n  [*] --> Waiting\n";
  std::set<std::pair<std::size_t, std::size_t>> drawn;
  for (const Transition& row : kTable) {
    for (std::size_t from = 0; from < std::variant_size_v<ChangeState>; ++from)
      if ((row.from & (States{1} << from)) != 0 && from != row.to && drawn.emplace(from, row.to).second)
        out += fmt::format("  {} --> {}\n", name_at(from), name_at(row.to));
  }
  out += "```\n\n| from | event | when | to | what is done |\n| --- | --- | --- | --- | --- |\n";
  for (const Transition& row : kTable)
    out += fmt::format("| {} | {} | {} | {} | {} |\n", names_of(row.from), row.event, row.guard,
                       name_at(row.to), row.actions);
  return out;
}

}  // namespace slipway::change
