#include "bot/change/steps.h"
#include "bot/commands/command.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::commands {

using namespace change;

namespace {

constexpr std::size_t kMaxLockId = 200;

/// A path at an object store, a UUID: nothing that a program would take for an option.
bool is_lock_id(const std::string& text) {
  return !text.empty() && text.size() <= kMaxLockId && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '`'; });
}

/// The lock that its apply was refused by; empty: none, or one that nobody names.
std::string refused_by(const Change& change) {
  const auto* failed = std::get_if<phase::ApplyFailed>(&change.state);
  return failed == nullptr ? std::string() : failed->locked_by.id;
}

/// The project that was refused because of this lock; or the only one that the command can mean.
std::vector<ChangeId> meant(const Draft& draft, const event::Commanded& event, const std::string& lock) {
  std::vector<ChangeId> refused;
  std::vector<ChangeId> selected;
  for (const auto& [id, change] : draft.changes()) {
    if (!event.call.selects(id.project)) continue;
    selected.push_back(id);
    if (refused_by(change) == lock) refused.push_back(id);
  }
  return refused.empty() ? selected : refused;
}

}  // namespace

void unlock_step(Draft& draft, const event::Commanded& event) {
  const auto& words = event.call.words;
  if (!event.call.force && words.empty()) {
    discard_step(draft, event);
    return;
  }
  if (!event.call.force || words.empty() || !is_lock_id(words.front())) {
    refuse(draft, event, "Say it with the lock's id, as Terraform tells it: `unlock --force LOCK_ID`.");
    return;
  }
  const std::string& lock = words.front();
  const auto ids = meant(draft, event, lock);
  if (ids.size() != 1) {
    refuse(draft, event,
           ids.empty() ? "No project of this pull request matches."
                       : "Say whose state it is: `-d DIR`, `-w WORKSPACE` or `-p PROJECT`.");
    return;
  }
  // Some backends (http) release whatever lock there is, whichever is named.
  if (const std::string known = refused_by(*draft.find(ids.front())); !known.empty() && known != lock) {
    refuse(draft, event,
           fmt::format("The state of `{}` is locked by `{}`, not by `{}`.", to_string(ids.front().project),
                       known, lock));
    return;
  }
  draft.act(
      action::ReleaseLock{ids.front(), draft.new_run(), {lock, event.comment.author, event.comment.id}});
  draft.act(action::Record{event.comment.author, "lock.ordered", to_string(ids.front()), lock});
}

}  // namespace slipway::commands
