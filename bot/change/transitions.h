#pragma once

#include "core/change.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace slipway::change {

/// The life of a Change, whole: no change moves from one state to another but by a row of this table
/// (`Draft::move` names the row). docs/changes.md is written from it.

/// Where a state stands among the alternatives of ChangeState.
template <class State, std::size_t kIndex = 0>
constexpr std::size_t index_of() {
  static_assert(kIndex < std::variant_size_v<ChangeState>, "this is no state of a change");
  if constexpr (std::is_same_v<State, std::variant_alternative_t<kIndex, ChangeState>>) {
    return kIndex;
  } else {
    return index_of<State, kIndex + 1>();
  }
}

/// Some states, one bit each.
using States = std::uint32_t;
static_assert(std::variant_size_v<ChangeState> <= 32);
template <class... State>
constexpr States any_of() {
  return ((States{1} << index_of<State>()) | ...);
}

enum class Way {
  PlanBegins,
  NotAskedFor,
  NothingToDo,
  PlanIsReady,
  PlanIsBlocked,
  PlanFails,
  PolicyOverridden,
  Dropped,
  DiscardedByPerson,
  Merged,
  MergedNotTouched,
  MergedNotAppliable,
  MergedBeforeApply,
  BaseRewritten,
  LeftBehind,
  OpenedAgain,
  AskedByComment,
  AskedByQueue,
  LetGo,
  Confirmed,
  ConfirmedForQueue,
  ComparedAnew,
  Begins,
  Joins,
  Parts,
  CannotBegin,
  NothingLeft,
  HoldsExactly,
  Moved,
  HoldsAgain,
  Differs,
  ReplanFails,
  WaitsAgain,
  HeldBack,
  RefusedAsStale,
  AppliedWhole,
  AppliedTogether,
  AppliedWithHooks,
  FailsHalfWay,
  IsLost,
  WasWhole,
  OnboardingEnds,
  HookGivesUp,
  HookMended,
  OthersWait,
};

struct Transition {
  Way way;
  States from;
  std::string_view event;    // as in event.h, or the command
  std::string_view guard;    // "when …"
  std::size_t to;            // index in ChangeState
  std::string_view actions;  // what is done besides
};

/// In the order of Way.
std::span<const Transition> transitions();

/// The row of a way. Throws std::logic_error when a change in this state can't go it: that is a bug.
const Transition& checked(Way way, const ChangeState& from);

/// The table and a diagram of it, as Markdown.
std::string transitions_as_markdown();

}  // namespace slipway::change
