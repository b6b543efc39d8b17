#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::commands {

using namespace change;

namespace {

FreezeScope scope_of(const event::Commanded& event) {
  return {event.now.id.repo, event.call.dir.value_or(""), event.call.workspace.value_or(""),
          event.call.project.value_or("")};
}

/// One that holds, of exactly this scope.
const Freeze* standing(const Draft& draft, const FreezeScope& scope) {
  const auto& all = draft.situation().freezes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Freeze& freeze) {
    return freeze.scope == scope && freeze.holds(draft.now());
  });
  return found == all.end() ? nullptr : &*found;
}

std::string refused(const Freeze& freeze) {
  return fmt::format("`{}` was frozen at the server, by `{}`: only there it can be changed or ended.",
                     to_string(freeze.scope), freeze.by);
}

/// A freeze of a wider or another scope that goes on, for those who wonder why nothing moves.
std::string others(const Draft& draft, const FreezeScope& but) {
  std::string out;
  for (const Freeze& freeze : draft.situation().freezes) {
    if (freeze.scope == but || !freeze.holds(draft.now())) continue;
    out += fmt::format("\n- `{}`: {}", to_string(freeze.scope), words_of(freeze));
  }
  return out.empty() ? out : "\n\nStill frozen:\n" + out;
}

}  // namespace

void freeze_step(Draft& draft, const event::Commanded& event) {
  Freeze freeze;
  freeze.scope = scope_of(event);
  freeze.reason = fmt::format("{}", fmt::join(event.call.words, " "));
  if (freeze.reason.empty()) {
    refuse(draft, event, "Say why, since every comment shows it: `freeze REASON`.");
    return;
  }
  if (freeze.reason.size() > kMaxFreezeReason) {
    refuse(draft, event, fmt::format("A reason has at most {} characters.", kMaxFreezeReason));
    return;
  }
  const Freeze* before = standing(draft, freeze.scope);
  if (before != nullptr && before->by_operator) {
    refuse(draft, event, refused(*before));
    return;
  }
  freeze.by = event.comment.author;
  freeze.since = before == nullptr ? draft.now() : before->since;
  if (event.call.lasts) freeze.until = draft.now() + *event.call.lasts;
  draft.act(action::Freeze{freeze});
  draft.act(action::Record{freeze.by, "freeze.begun", to_string(freeze.scope), freeze.reason});
  reply(
      draft, event,
      fmt::format("`{}` is frozen{}: no apply of it begins; what is merged waits and goes on by itself. What "
                  "is being applied goes on, and so does planning. `thaw` ends it.",
                  to_string(freeze.scope), freeze.until ? " until " + minute_of(*freeze.until) : ""));
}

void thaw_step(Draft& draft, const event::Commanded& event) {
  const FreezeScope scope = scope_of(event);
  const Freeze* freeze = standing(draft, scope);
  if (freeze == nullptr) {
    refuse(draft, event,
           fmt::format("There is no freeze of exactly `{}`.{}", to_string(scope), others(draft, scope)));
    return;
  }
  if (freeze->by_operator) {
    refuse(draft, event, refused(*freeze));
    return;
  }
  draft.act(action::Thaw{scope});
  draft.act(action::Record{event.comment.author, "freeze.ended", to_string(scope), freeze->reason});
  reply(draft, event,
        fmt::format("`{}` is not frozen any more: what waited for it goes on.{}", to_string(scope),
                    others(draft, scope)));
}

}  // namespace slipway::commands
