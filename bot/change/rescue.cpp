#include "bot/change/steps.h"

#include <fmt/format.h>

namespace slipway::change {
namespace {

/// Edits what the change says of the state that it left unwritten.
template <class Edit>
void edit_unwritten(Draft& draft, const ChangeId& id, Edit&& edit) {
  ChangeState next = draft.find(id)->state;
  if (auto* failed = std::get_if<phase::ApplyFailed>(&next)) edit(failed->unwritten);
  if (auto* lost = std::get_if<phase::Interrupted>(&next)) edit(lost->unwritten);
  draft.update(id, std::move(next));
}

void answer(Draft& draft, const event::LockReleased& event, std::string text) {
  draft.act(action::SayReply{event.change.pull,
                             fmt::format("unlocked:{}", event.order.comment),
                             event.order.by,
                             std::move(text),
                             {}});
}

/// Whoever held the state's lock stood in the way of this too.
void go_on(Draft& draft, const Change& change, const std::string& lock) {
  const ChangeId id = change.id;
  if (const auto* failed = std::get_if<phase::ApplyFailed>(&change.state);
      failed != nullptr && failed->locked_by.id == lock) {
    phase::ApplyFailed next = *failed;
    next.locked_by = {};
    draft.update(id, std::move(next));
  }
  const UnwrittenState* unwritten = unwritten_of(draft.find(id)->state);
  if (unwritten == nullptr || unwritten->refusal.empty()) return;
  draft.act(action::PushState{id, draft.new_run(), unwritten->blob});
  edit_unwritten(draft, id, [](UnwrittenState& left) { left.refusal.clear(); });
}

}  // namespace

void on(Draft& draft, const event::StatePushed& event) {
  const Change* change = draft.find(event.change);
  const UnwrittenState* unwritten = change == nullptr ? nullptr : unwritten_of(change->state);
  if (unwritten == nullptr || unwritten->blob != event.blob || unwritten->written) return;
  const bool written = event.refusal.empty();
  edit_unwritten(draft, event.change, [&](UnwrittenState& left) {
    left.written = written;
    left.refusal = event.refusal;
  });
  draft.act(action::Record{{}, written ? "state.pushed" : "state.kept", to_string(event.change), event.blob});
  if (written) {
    draft.act(action::RunPlan{event.change, draft.new_run(), Priority::Apply, {}, {}});
    draft.act(action::Refresh{state_key(event.change), event.change.pull});
  }
  show(draft, event.change.pull, Haste::Result);
}

void on(Draft& draft, const event::LockReleased& event) {
  const LockOrder& order = event.order;
  if (!event.failure.empty()) {
    draft.act(action::React{event.change.pull, order.comment, Emoji::Confused});
    answer(draft, event, fmt::format("Lock `{}` was not released: {}.", order.lock, event.failure));
    return;
  }
  draft.act(action::Record{order.by, "lock.released", to_string(event.change), order.lock});
  draft.act(action::React{event.change.pull, order.comment, Emoji::Rocket});
  answer(draft, event,
         fmt::format("Lock `{}` of `{}` is released.", order.lock, to_string(event.change.project)));
  const Change* change = draft.find(event.change);
  if (change == nullptr) return;
  go_on(draft, *change, order.lock);
  show(draft, event.change.pull, Haste::Result);
}

}  // namespace slipway::change
