#include "bot/change/commanded.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace slipway::change {
bool Call::selects(const ProjectId& id) const {
  if (project) return id.name == *project;
  if (dir && *dir != id.dir) return false;
  return !workspace || *workspace == id.workspace;
}

void reply(Draft& draft, const event::Commanded& event, std::string text) {
  draft.act(action::SayReply{
      event.now.id, fmt::format("reply:{}", event.comment.id), event.comment.author, std::move(text), {}});
}

void refuse(Draft& draft, const event::Commanded& event, std::string why) {
  draft.act(action::React{event.now.id, event.comment.id, Emoji::ThumbsDown});
  reply(draft, event, std::move(why));
}

std::string may_confirm(const Draft& draft, const event::Commanded& event) {
  switch (draft.rules().confirm) {
    case Confirm::Writers:
      return {};
    case Confirm::NotAuthor:
      if (is_push(draft.pull().pull.id))
        return event.comment.author == event.now.author || event.comment.author == event.now.merged_by
                   ? "who wrote or committed what was pushed can't confirm it (`confirm: not_author`)"
                   : "";
      return event.comment.author == event.now.author
                 ? "the author of a pull request can't confirm what nobody reviewed (`confirm: not_author`)"
                 : "";
    case Confirm::Owners: {
      const auto& owners = draft.rules().owners;
      const bool owner =
          std::any_of(event.owner_of.begin(), event.owner_of.end(), [&](const std::string& name) {
            return std::find(owners.begin(), owners.end(), name) != owners.end();
          });
      return owner ? "" : fmt::format("only {} can confirm it (`confirm: owners`)", fmt::join(owners, ", "));
    }
  }
  return "nobody may confirm it";
}

namespace {

/// A command sees the pull request as it is now, maybe before any look did. What a merge, a push or another
/// base branch leads to is the look's to decide, and it must still find news.
void leave_news_to_a_look(Draft& draft, const PullRequest& now) {
  HeldPull& held = draft.edit_pull();
  if (held.pull.head != now.head) held.head_since = draft.now();
  const PullRequest before = std::exchange(held.pull, now);
  held.pull.state = before.state;
  if (!before.base_branch.empty()) held.pull.base_branch = before.base_branch;
  if (before.state != now.state || before.head != now.head || before.draft != now.draft ||
      before.base_branch != now.base_branch)
    draft.act(action::Look{now.id});
}

}  // namespace

void on(Draft& draft, const event::Commanded& event) {
  // What becomes of a push is said elsewhere: its own row has nothing to learn from that.
  if (!is_push(draft.pull().pull.id)) leave_news_to_a_look(draft, event.now);
  if (!draft.rules().branch_counts) return;
  if (!event.for_everybody && !event.may_write) {
    draft.act(action::React{event.now.id, event.comment.id, Emoji::ThumbsDown});
    // Once a person and pull request: a refusal is an answer, not a conversation.
    draft.act(action::SayReply{
        event.now.id,
        "refusal:" + event.comment.author,
        event.comment.author,
        "Only people with write access to this repository can give commands here. Nothing was run.",
        {}});
    return;
  }
  if (!event.for_everybody) draft.act(action::React{event.now.id, event.comment.id, Emoji::Eyes});
  event.step(draft, event);
}

}  // namespace slipway::change
